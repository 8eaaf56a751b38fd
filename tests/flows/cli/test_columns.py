"""Tables on a terminal: no number or id is broken or cut, however narrow it is."""

import io

import pytest

from flows.cli import console
from flows.cli.columns import Column, widths_of
from flows.cli.screen import Screen

IDS = ["014c38850a1b", "9f00ab12cd34"]
ROWS = [[name, "mirror", "2026-11-29 17:33:15", "published", 1234567.5] for name in IDS]
HEADINGS = ["build", "profile", "built, UTC", "", "MB"]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    file = io.StringIO()
    screen = Screen(file=file, force_terminal=True, color_system=None, width=80)
    monkeypatch.setattr(console, "out", screen)
    return file


@pytest.mark.parametrize("width", [20, 30, 40, 53, 60, 80, 200])
def test_an_id_and_a_number_stay_whole(screen: io.StringIO, width: int) -> None:
    console.out.width = width
    console.print_rows(HEADINGS, ROWS)
    said = screen.getvalue()
    for name in IDS:
        assert name in said
    assert said.count("1.23457e+06") == len(IDS)


@pytest.mark.parametrize("width", [20, 45, 100])
def test_no_number_loses_its_end(screen: io.StringIO, width: int) -> None:
    console.out.width = width
    numbers = [10**11 + i for i in range(6)]
    console.print_first([f"n{i}" for i in range(6)], [numbers], 40, 1)
    assert all(str(number) in screen.getvalue() for number in numbers)


def test_the_widest_gives_way() -> None:
    id_, prose = Column("id", IDS, False, False), Column("what", ["word " * 50], False, True)
    assert widths_of([id_, prose], 70) == [12, 58]
    assert widths_of([id_, prose], 300) == [12, 250]
    assert widths_of([id_, prose], 16) == [12, 4]
    assert widths_of([id_, prose], 15) is None


def test_a_cell_that_is_cut_says_so_and_where_it_is_whole(screen: io.StringIO) -> None:
    long = "x" * 1_000_000
    console.print_first(["t", "n"], [[long, 1], ["short", 2]], 40, 2)
    said = screen.getvalue().replace("\n", "").replace(" ", "")
    assert said.count("x") == 1_000
    assert "x…" in said
    assert "(1cellwithmorethan1,000characters" in said
    assert "--outputFILEwritesthemwhole" in said


def test_a_file_has_every_character() -> None:
    assert console.table_text(["t"], [["x" * 1_100_000]]).count("x") == 1_100_000
