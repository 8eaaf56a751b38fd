"""The claims with their verdicts, and every test of each as data for its chart and table."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from warehouse.db import Connection
from warehouse.report.site.texts import ClaimText

VERDICTS = {
    "supported": ("✔", "Supported", "The data bear it out, in most ways to measure it."),
    "contradicted": ("✘", "Contradicted", "The data point the other way."),
    "negligible": ("≈", "Negligible", "Whatever effect there is, is too small to matter."),
    "mixed": ("◐", "Mixed", "Part of the evidence agrees, part does not."),
    "inconclusive": ("?", "Inconclusive", "The data cannot tell."),
    "not_testable": ("–", "Not testable", "No data at hand bear on it."),
}
"""Verdict to a sign, its name, and what it means."""

_TESTS = """
SELECT claim, role, estimator, specification, estimand, estimate, ci_low, ci_high, p_value, n,
       window_from, window_to, is_distinct, is_as_expected, excludes_zero, null_reason
FROM metrics.claim_test
WHERE leader = 2 AND edition = (SELECT max(edition) FROM metrics.claim_test)
ORDER BY CAST(regexp_extract(claim, '[0-9]+') AS INTEGER), claim,
         CASE role WHEN 'primary' THEN 0 WHEN 'falsifier' THEN 1 WHEN 'placebo' THEN 2
                   WHEN 'descriptive' THEN 4 ELSE 3 END,
         estimator, specification
"""


def claim_cards(verdicts: pl.DataFrame, texts: Mapping[str, ClaimText]) -> list[dict[str, Any]]:
    """The claims of the newest edition for the United States, the paper's own case.

    Args:
        verdicts: `warehouse.report.profiles.claims.claims`.
        texts: What is said of each claim where it is defined.
    """
    newest = verdicts.filter(
        (pl.col("edition") == pl.col("edition").max()) & (pl.col("leader") == 2)
    )
    return [_card(row, texts.get(row["claim"])) for row in newest.iter_rows(named=True)]


def _card(row: dict[str, Any], text: ClaimText | None) -> dict[str, Any]:
    sign, name, meaning = VERDICTS[row["verdict"]]
    return {
        **row,
        "sign": sign,
        "verdict_name": name,
        "meaning": meaning,
        "reading": _sentence(text.reading) if text else "",
        "limits": text.limits if text else "",
        "would_change": text.would_change if text else (),
        "figure": _figure(row["estimate"], row["ci_low"], row["ci_high"]),
        "how_sure": _how_sure(row),
        "because": row["one_line"].partition("; ")[2],
    }


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _how_sure(row: Mapping[str, Any]) -> str:
    if not row["n_grid"]:
        return ""
    return (
        f"Of {row['n_grid']} other ways to measure it, {row['n_grid_as_expected']} agree with the"
        f" claim and {row['n_grid_contradicting']} contradict it; the others cannot tell."
    )


def _figure(
    estimate: float | None, low: float | None, high: float | None
) -> dict[str, float] | None:
    """Where an estimate and its interval lie on a line from 0 to 100 that has zero on it."""
    if estimate is None or low is None or high is None:
        return None
    left, right = min(low, 0.0), max(high, 0.0)
    pad = (right - left) * 0.08 or 1.0
    left, right = left - pad, right + pad

    def place(value: float) -> float:
        return round((value - left) / (right - left) * 100, 2)

    return {
        "low": place(low),
        "high": place(high),
        "estimate": place(estimate),
        "zero": place(0.0),
    }


def leader_verdicts(verdicts: pl.DataFrame, leaders: Mapping[int, str]) -> list[dict[str, Any]]:
    """One row per claim that is judged for several leaders: verdict names by leader.

    Args:
        verdicts: As above.
        leaders: COW code to name.
    """
    newest = verdicts.filter(pl.col("edition") == pl.col("edition").max())
    found = []
    for (claim,), rows in newest.group_by("claim", maintain_order=True):
        by_leader = {
            leaders[row["leader"]]: VERDICTS[row["verdict"]][:2]
            for row in rows.iter_rows(named=True)
            if row["leader"] in leaders
        }
        if len(by_leader) > 1:
            found.append({"claim": claim, "statement": rows["statement"][0], "by": by_leader})
    return found


def tests_of_claims(connection: Connection) -> pl.DataFrame:
    """Every test of every claim of the newest edition, for the United States."""
    return pl.DataFrame(connection.sql(_TESTS).pl())
