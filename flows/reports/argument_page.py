"""An argument against a claim in words, and as a page with its place on the specification curve."""

from collections.abc import Sequence

import polars as pl

from flows.home.arguments import Argument
from flows.reports.verdicts import interval, p_value
from transforms.rollcall_matrix import SESSION_OFFSET
from warehouse.db import Connection
from warehouse.report.charts import SIMULATED, svg_of
from warehouse.report.specification_curves import argument_curve

NO_VERDICT = (
    "An argument is one estimate with choices of its maker, unadjusted for how many were tried: no"
    " verdict, and nothing published changes by it."
)
PICTURE = "curve.svg"
_COUNTS = {
    "rows": "rows",
    "states": "states",
    "allies": "allies",
    "waves": "clusters of allies",
    "switchers": "states that change their status",
    "roll_calls": "roll calls of the class",
    "alliances": "alliances",
    "clusters": "clusters",
    "supporters": "supporters",
}


def comparison(argument: Argument) -> list[tuple[str, str, str]]:
    """Lines of a table: what, published, argued."""
    published, own = argument.published, argument.answer
    figures = [interval(one["estimate"], one["ci_low"], one["ci_high"]) for one in (published, own)]
    return [
        (
            "estimate [95 %]",
            figures[0] or f"none ({published['null_reason']})",
            figures[1] or "cannot say",
        ),
        ("p", p_value(published["p_value"]), p_value(own["p_value"])),
        ("rows", _number(published["n"]), _number(argument.counts["rows"])),
    ]


def changes_in_words(argument: Argument) -> str:
    """What was changed from the primary."""
    changed = [f"{key}: {old} → {new}" for key, (old, new) in argument.changed.items()]
    return "; ".join(changed) or "nothing: this is the primary itself, computed anew"


def sentences_of(argument: Argument) -> list[str]:
    """What an argument says, in order."""
    own = argument.answer
    if own["cannot_say"]:
        said = [f"Cannot say, because: {own['cannot_say']}."]
    else:
        said = [_reading(argument), *_place(argument)]
    return [*said, f"It took {_basis(argument)}.", *argument.notes, NO_VERDICT]


def _reading(argument: Argument) -> str:
    low, high = argument.answer["ci_low"], argument.answer["ci_high"]
    if low is None or high is None:
        return "The design gives no interval."
    if low <= 0 <= high:
        words = "the interval includes 0"
    else:
        as_expected = (low > 0) == (argument.expected == "positive")
        side = "" if argument.asks else f", on the {'expected' if as_expected else 'other'} side"
        words = f"the interval leaves 0 out{side}"
    bound = argument.bound
    if bound is not None and argument.place and argument.place["n_lower"] is not None:
        within = "within" if max(abs(low), abs(high)) <= bound else "not within"
        words += f"; it is {within} ±{bound:.3g}, the primary's bound of what is negligible"
    return f"{words[0].upper()}{words[1:]}."


def _place(argument: Argument) -> list[str]:
    place = argument.place
    if argument.asks:
        return [
            f"It asks something else than the primary: {argument.asks}. So it has no expected side,"
            " and no place on the claim's specification curve."
        ]
    if place is None:
        return ["No variant of the claim could be computed in this build to compare with."]
    n = place["n_variants"]
    by_t = f"by t ({place['t']:+.2f}) above {place['n_lower_t']} of {n} distinct variants"
    if place["n_lower"] is None:
        return [f"On the specification curve: {by_t}; its scale is another, so not by estimate."]
    return [
        f"On the specification curve: by estimate above {place['n_lower']} of {n} distinct"
        f" variants, {by_t}."
    ]


def _basis(argument: Argument) -> str:
    counts = argument.counts
    parts = [
        f"{_number(counts[key])} {words}"
        for key, words in _COUNTS.items()
        if counts.get(key) is not None
    ]
    if counts.get("years"):
        first, last = counts["years"]
        parts.append(f"years {first}–{last}")
    if counts["sessions"]:
        first, last = counts["sessions"]
        years = f"{first + SESSION_OFFSET}–{last + SESSION_OFFSET}"
        parts.append(f"sessions {first}–{last} ({years})")
    return ", ".join([*parts, f"{argument.seconds:.1f} seconds"])


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def argument_page(
    connection: Connection, argument: Argument, folder: str
) -> tuple[str, str | None]:
    """The page, and its chart.

    Args:
        connection: The warehouse that the argument is from.
        argument: The argument.
        folder: Folder of the chart, relative to the page.

    Returns:
        Markdown, and the SVG; None where there is nothing to draw it beside.
    """
    lines = [f"# An argument about {argument.claim}\n", f"> {argument.statement}\n"]
    if argument.is_simulated:
        lines.append(f"**{SIMULATED}.**\n")
    lines += [f"Changed: {changes_in_words(argument)}.\n"]
    lines += ["| | published primary | argument |", "|---|---|---|"]
    lines += [f"| {what} | {one} | {other} |" for what, one, other in comparison(argument)]
    lines += ["", *(f"{sentence}\n" for sentence in sentences_of(argument))]
    svg = _curve(connection, argument)
    if svg:
        lines.append(f"![Where it lies among the variants]({folder}/{PICTURE})\n")
    if argument.allies is not None:
        lines += ["## The list of allies\n", *_list_of(argument.allies)]
    lines += ["## Every choice\n", "| choice | value |", "|---|---|"]
    lines += [f"| {key} | {value} |" for key, value in argument.asked.items() if value]
    lines.append(f"\nArgument `{argument.name}` on build `{argument.build_id[:12]}`.\n")
    return "\n".join(lines), svg


def _list_of(allies: Sequence[Sequence[object]]) -> list[str]:
    rows = [f"| {ccode} | {first} | {last or ''} |" for ccode, first, last in allies]
    return ["| ccode | from | to |", "|---|---|---|", *rows, ""]


def _curve(connection: Connection, argument: Argument) -> str | None:
    own = argument.answer
    if argument.place is None or argument.place["n_lower"] is None:
        return None
    chart = argument_curve(
        argument.claim,
        argument.published["edition"],
        argument.published["leader"],
        argument.estimand,
        (own["estimate"], own["ci_low"], own["ci_high"]),
    )
    rows = pl.DataFrame(connection.sql(chart.sql).pl())
    return svg_of(chart.specification(rows, argument.is_simulated))
