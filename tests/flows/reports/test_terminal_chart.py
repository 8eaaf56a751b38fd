"""The chart of the terminal, character by character."""

import polars as pl

from flows.reports.terminal_chart import terminal_chart


def rows(**points: float | None) -> pl.DataFrame:
    years = [int(name.removeprefix("y")) for name in points]
    return pl.DataFrame({"year": years, "agreement": list(points.values())})


def test_lines_axes_and_legend_stand_where_the_values_are() -> None:
    rising = rows(y1950=0.0, y1951=0.25, y1952=0.5, y1953=0.75, y1954=1.0)
    falling = rows(y1950=1.0, y1951=0.75, y1952=0.5, y1953=0.25, y1954=0.0)
    drawn = terminal_chart({"A": rising, "B": falling}, 12, colours=False)
    assert drawn.splitlines() == [
        " 1┤xx     ⢠⠊",
        "  │  xx ⢀⠔⠁",
        ".5┤   ⢀xx",
        "  │ ⢀⠔⠁  xx",
        " 0┤⡠⠃      x",
        "  └┬────────",
        " 1950",
        "   ⠒⠒ with A   xx with B",
    ]


def test_a_line_is_broken_where_years_are_missing() -> None:
    gap = rows(y1950=1.0, y1951=1.0, y1958=1.0, y1959=1.0)
    known = terminal_chart({"A": gap}, 23, colours=False).splitlines()[0]
    assert known == " 1┤⠉⠉⠁              ⠈⠉⠉"
    unknown = rows(y1950=1.0, y1952=None, y1954=1.0)
    assert terminal_chart({"A": unknown}, 13, colours=False).splitlines()[0] == " 1┤⠁        ⠈"


def test_colours_are_for_a_terminal_and_nothing_is_drawn_of_a_single_point() -> None:
    line = {"A": rows(y2000=0.5, y2001=0.5)}
    assert "\x1b[34m" in terminal_chart(line, 30, colours=True)
    assert "\x1b" not in terminal_chart(line, 30, colours=False)
    assert terminal_chart({"A": rows(y2000=0.5)}, 30, colours=False) == ""
    assert terminal_chart({}, 30, colours=True) == ""
