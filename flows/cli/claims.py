"""`asymmetry claims`: the paper's claims and what became of them, or one claim on a screen."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened
from flows.reports.claim_screen import claim_screen, counter_in_words
from flows.reports.estimator_words import estimator_in_words
from flows.reports.verdicts import _STATES, in_order, interval, p_value, sentences
from warehouse.db import UNREADABLE, QueryError

_VERDICTS = (
    "SELECT * FROM metrics.claim_verdict WHERE leader = ? AND edition ="
    " coalesce(?, (SELECT max(edition) FROM metrics.claim_verdict))"
)
_TESTS = (
    "SELECT * FROM metrics.claim_test WHERE claim = ? AND edition = ? AND leader = ?"
    " ORDER BY CASE role WHEN 'primary' THEN 0 WHEN 'falsifier' THEN 1 WHEN 'placebo' THEN 2"
    " WHEN 'descriptive' THEN 4 ELSE 3 END, estimator, specification"
)
_OF_TESTS = ("claim", "edition", "leader")
_LEADERS = {
    "united states": 2,
    "russia": 365,
    "china": 710,
    "france": 220,
    "united kingdom": 200,
}
_OTHER_NAMES = {
    "us": 2,
    "usa": 2,
    "uk": 200,
    "britain": 200,
    "great britain": 200,
    "ussr": 365,
    "soviet union": 365,
    "russian federation": 365,
    "prc": 710,
}


app = typer.Typer(rich_markup_mode="markdown")


class Format(StrEnum):
    """How `claims` writes."""

    table = "table"
    csv = "csv"
    json = "json"


@app.command(epilog="Example: `asymmetry claims C2a`")
def claims(
    claim: Annotated[
        str | None, typer.Argument(help="One claim, for every test of it; none: the verdicts.")
    ] = None,
    edition: Annotated[
        int | None, typer.Option(help="Edition of the claims: 1 or 2; none: the newest.")
    ] = None,
    leader: Annotated[
        str, typer.Option(help="united states, russia, china, france or uk; or its COW code.")
    ] = "united states",
    format: Annotated[Format, typer.Option(help="table is for people.")] = Format.table,
    all_tests: Annotated[
        bool, typer.Option("--all", help="Every test of the claim; of all claims, every figure.")
    ] = False,
) -> None:
    """Tell what each claim says and what became of it, or one claim on a screen.

    csv and json are the rows of metrics.claim_verdict, or of one claim those of metrics.claim_test.
    """
    code = leader_named(leader)
    print_claims(current_home().warehouse, claim, format.value, edition, code, all_tests=all_tests)


def leader_named(name: str) -> int:
    """COW code of a leader by a usual name ("russia", "the UK") or its code; others are refused."""
    plain = " ".join(name.lower().replace(".", "").replace("_", " ").split())
    plain = plain.removeprefix("the ")
    known = _LEADERS | _OTHER_NAMES | {str(code): code for code in _LEADERS.values()}
    if plain not in known:
        names = ", ".join(f"{known_name} ({code})" for known_name, code in _LEADERS.items())
        console.fail(f"There is no leader {name}. There are: {names}.", 2)
    return known[plain]


def print_claims(
    warehouse: Path,
    claim: str | None,
    form: str,
    edition: int | None = None,
    leader: int = 2,
    *,
    all_tests: bool = False,
) -> None:
    """Prints the verdicts, or one claim.

    Args:
        warehouse: The published file.
        claim: A claim (C2a, in any case), or None for all.
        form: `table`, `csv` or `json`: the latter two are the rows of metrics.claim_verdict, or
            those of metrics.claim_test for one claim.
        edition: Of the claims; None: the newest.
        leader: COW code.
        all_tests: The whole grid of the claim, or every figure of the verdicts.
    """
    with opened(warehouse) as connection:
        try:
            verdicts = in_order(connection.sql(_VERDICTS, params=[leader, edition]).pl())
            if verdicts.is_empty() and leader != 2 and edition in (None, 1, 2):
                console.fail(
                    "The published build judges the claims of the United States alone"
                    f"{' in edition 1' if edition == 1 else ''}.",
                    2,
                )
            if verdicts.is_empty():
                console.fail(f"There is no edition {edition} of the claims. There are: 1, 2.", 2)
            if claim is None:
                print_list = _print_figures if all_tests else _print_list
                print_list(verdicts) if form == "table" else _write(verdicts, form)
                return
            row = _named(verdicts, claim)
            tests = connection.sql(_TESTS, params=[row[k] for k in _OF_TESTS]).pl()
            print_one = _print_grid if all_tests else _print_one
            print_one(row, tests) if form == "table" else _write(tests, form)
        except QueryError as error:
            if isinstance(error, UNREADABLE) or "claim_" not in str(error):
                raise
            console.fail(
                "The published warehouse has no claims: it was built before they were tested."
                " Build it anew with `asymmetry refresh`; what is published stays until that is"
                " done.",
                1,
            )


def _named(verdicts: pl.DataFrame, claim: str) -> dict[str, Any]:
    found = verdicts.filter(pl.col("claim").str.to_lowercase() == claim.lower())
    if found.is_empty():
        names = ", ".join(verdicts["claim"].to_list())
        console.fail(f"There is no claim {claim}. There are: {names}.", 2)
    return found.row(0, named=True)


def _print_list(verdicts: pl.DataFrame) -> None:
    rows = [
        (
            row["claim"],
            row["verdict"].replace("_", " "),
            interval(row["estimate"], row["ci_low"], row["ci_high"]),
            row["statement"],
        )
        for row in verdicts.iter_rows(named=True)
    ]
    heads = ["claim", "verdict", "estimate [95 %]", "what it says"]
    console.print_rows(heads, rows, wrap=["what it says"])
    console.hint(
        "`asymmetry claims CLAIM` shows one; 0 means no effect. `--all` prints every figure."
    )


def _print_one(verdict: dict[str, Any], tests: pl.DataFrame) -> None:
    leader = next(name.title() for name, code in _LEADERS.items() if code == verdict["leader"])
    head = f"{verdict['claim']} of {leader}, edition {verdict['edition']}"
    console.out.print(head, style="bold")
    console.print_facts(claim_screen(verdict, tests))
    console.hint(
        f"`asymmetry claims {verdict['claim']} --all` prints its {tests.height} tests,"
        f" `asymmetry argue {verdict['claim']} --choices` what you may choose otherwise."
    )


def _print_figures(verdicts: pl.DataFrame) -> None:
    rows = [
        (
            row["claim"],
            row["verdict"].replace("_", " "),
            interval(row["estimate"], row["ci_low"], row["ci_high"]),
            interval(None, row["ci_low_holm"], row["ci_high_holm"]),
            f"{row['n_grid_as_expected']}/{row['n_grid']}",
            p_value(row["p_joint"]),
            row["one_line"].partition(": ")[2] or row["one_line"],
        )
        for row in verdicts.iter_rows(named=True)
    ]
    heads = [
        "claim",
        "verdict",
        "estimate [95 %]",
        "at Holm's level",
        "agree",
        "joint p",
        "in one line",
    ]
    console.print_rows(heads, rows, wrap=["in one line"])
    console.hint(
        "`asymmetry claims CLAIM` prints every test of a claim; docs/metrics.md has the rule."
    )


def _print_grid(verdict: dict[str, Any], tests: pl.DataFrame) -> None:
    out = console.out
    out.print(f"{verdict['claim']}  {verdict['statement']}", style="bold", markup=False)
    out.print(verdict["one_line"], markup=False)
    for column, words in _STATES.items():
        for sentence in sentences(verdict, column):
            out.print(f"falsifier or weakening condition ({words}): {sentence}", markup=False)
    if verdict["strongest_counter_specification"]:
        counter = counter_in_words(verdict["strongest_counter_specification"], tests)
        out.print(f"strongest against it: {counter}", markup=False)
    for role, title in (
        ("primary", "Primary specification"),
        ("falsifier", "What falsifiers read"),
        ("placebo", "Placebos"),
        ("descriptive", "Descriptive"),
        ("grid", "Grid"),
    ):
        rows = [
            _test_row(row) for row in tests.filter(pl.col("role") == role).iter_rows(named=True)
        ]
        if rows:
            heads = ["estimator", "specification", "estimate [95 %]", "p", "n", "years", "speaks"]
            console.print_rows(heads, rows, title=f"\n{title}", wrap=["estimator"])


def _test_row(row: dict[str, Any]) -> tuple[Any, ...]:
    years = f"{row['window_from']}–{row['window_to']}" if row["window_from"] else ""
    figures = interval(row["estimate"], row["ci_low"], row["ci_high"])
    n = "" if row["n"] is None else f"{row['n']:,}"
    p = p_value(row["p_value"])
    words = estimator_in_words(row["estimator"], row["source_table"])
    return words, row["specification"], figures, p, n, years, _direction(row)


def _direction(row: dict[str, Any]) -> str:
    """Whether a test of the claim itself is for it; what placebos say depends on the rule."""
    if row["estimate"] is None:
        return str(row["null_reason"])
    if row["role"] in ("placebo", "falsifier", "descriptive"):
        return ""
    sure = "for" if row["is_as_expected"] else "against"
    return sure if row["excludes_zero"] or row["is_as_expected"] else "unsure"


def _write(frame: pl.DataFrame, form: str) -> None:
    sys.stdout.write(frame.write_csv() if form == "csv" else frame.write_json() + "\n")
