"""Claims by leaders on the page of findings: each cell a verdict, or why nothing can be said."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.reports.claim_tables import WORDS
from flows.reports.verdicts import interval
from transforms.metrics.claims.claim_definitions import Claim
from transforms.metrics.claims.verdict_rule import NOT_TESTABLE
from warehouse.db import Connection

_ROWS = """
SELECT claim, leader, verdict, one_line, estimate, ci_low, ci_high FROM metrics.claim_verdict
WHERE edition = ?"""
_HEAD = """## The same claims of other leaders

The paper is about the United States, its question about hegemons. Verdicts of other leaders are
replications, by the same tests and not adjusted for how many there are. A claim about all
alliances is judged once. Where the letter of a reason stands, nothing can be said; the reasons
are below. `SELECT * FROM claims_matrix` has this table, `claims_by_leader` its figures, and
`asymmetry claims --leader russia` prints one column.
"""
_BECAUSE = "Cannot say, because "


def claims_by_leader(
    connection: Connection,
    claims: Sequence[Claim],
    edition: int,
    leaders: Mapping[int, str],
) -> str:
    """The section.

    Args:
        connection: An open warehouse.
        claims: The claims, in order.
        edition: Their edition.
        leaders: Code to name, in the order of the columns.

    Returns:
        Markdown: a table, and the reasons that its letters stand for.
    """
    rows = connection.sql(_ROWS, params=[edition]).pl().rows(named=True)
    found = {(row["claim"], row["leader"]): row for row in rows}
    reasons: dict[str, str] = {}
    lines = [
        _HEAD,
        f"| | {' | '.join(leaders.values())} |",
        "|---|" + "---|" * len(leaders),
    ]
    for claim in claims:
        cells = [_cell(found.get((claim.name, leader)), reasons) for leader in leaders]
        lines.append(f"| [{claim.name}](#{claim.name.lower()}) | {' | '.join(cells)} |")
    lines += ["", *(f"* **{letter}**: {reason}." for reason, letter in reasons.items())]
    return "\n".join(lines) + "\n"


def _cell(row: Mapping[str, Any] | None, reasons: dict[str, str]) -> str:
    """A verdict with its figures, or the letter of its reason, which is added where it is new."""
    if row is None:
        return "not judged in this build"
    if row["verdict"] == NOT_TESTABLE and row["one_line"].startswith(_BECAUSE):
        reason = row["one_line"].removeprefix(_BECAUSE).rstrip(".")
        letter = reasons.setdefault(reason, letter_of(len(reasons)))
        return f"cannot say ({letter})"
    figures = interval(row["estimate"], row["ci_low"], row["ci_high"])
    return f"**{WORDS[row['verdict']]}** {figures}".rstrip()


def letter_of(place: int) -> str:
    """The letter of a reason by its place from 0: a to z, then aa, ab and so on."""
    first, second = divmod(place, 26)
    return (chr(ord("a") + first - 1) if first else "") + chr(ord("a") + second)
