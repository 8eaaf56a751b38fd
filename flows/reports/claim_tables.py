"""Tables of the page of findings: claims in plain words, both editions, tests of a claim."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from flows.reports.verdicts import interval, p_value
from transforms.metrics.claims import first_edition, second_edition
from transforms.metrics.claims.claim_definitions import Claim

WORDS = first_edition.WORDS | second_edition.WORDS

LISTED_SINGLY = 3
"""Variants of one estimator that are listed row by row; more of them as a median and a range."""

PREMIUM_WORDS = {
    "LP1": "allies minus others on unpopular votes, minus the same on popular ones",
    "LP2": "allies minus others on votes on which the hegemon stands out",
    "LP3": "allies' agreement beyond what their ideal points predict",
    "LP4": "within states: agreement as an ally minus agreement before or after",
}


def in_plain_words(title: str, says: str, claims: Iterable[Claim], verdicts: pl.DataFrame) -> str:
    """What the paper says, what the data say, how sure that is, and what would change it.

    Args:
        title: Heading.
        says: Head of the column of statements: who says so.
        claims: The claims of one origin, in order.
        verdicts: Rows of `metrics.claim_verdict` of the edition.
    """
    lines = [
        f"## {title}\n",
        f"| | {says} | the data say | how sure | what would change our mind |",
        "|---|---|---|---|---|",
    ]
    by_claim = {row["claim"]: row for row in verdicts.iter_rows(named=True)}
    for claim in claims:
        row = by_claim[claim.name]
        lines.append(
            f"| [{claim.name}](#{claim.name.lower()}) | {claim.statement} |"
            f" **{WORDS[row['verdict']]}.** {_figures(claim, row)} | {_how_sure(row)} |"
            f" {_what_would_change(claim)} |"
        )
    return "\n".join(lines) + "\n"


def _figures(claim: Claim, row: Mapping[str, Any]) -> str:
    figures = interval(row["estimate"], row["ci_low"], row["ci_high"])
    text = f"{claim.reading}: {figures}" if figures else f"{claim.reading}: not computed"
    return text[0].upper() + text[1:]


def _how_sure(row: Mapping[str, Any]) -> str:
    counts = (
        f"{row['n_grid_as_expected']} of {row['n_grid']} variants agree,"
        f" {row['n_grid_contradicting']} contradict"
    )
    if row["p_joint"] is None:
        return f"{counts}; no joint test"
    return f"{counts}; all of them by chance: *p* {p_value(row['p_joint'])}"


def _what_would_change(claim: Claim) -> str:
    """Falsifiers and weakening conditions; where it cannot be tested, the data that would."""
    if claim.would_test:
        return f"Needs {claim.would_test}"
    refuting = [f"{f.says} (refutes)" for f in claim.interval_falsifiers]
    weakening = [f"{f.says} (weakens)" for f in claim.weakening]
    return "; ".join([*refuting, *weakening]) or "An interval on the other side of 0"


def editions(verdicts: pl.DataFrame) -> str:
    """Each claim of either edition: both verdicts, each with its own estimate.

    Args:
        verdicts: Rows of `metrics.claim_verdict` of both editions, in order.
    """
    lines = [
        "## Both editions\n",
        "The editions estimate different things: compare verdicts, not figures.\n",
        "| claim | edition 1 | its estimate [95 %] | edition 2 | its estimate [95 %] |",
        "|---|---|---|---|---|",
    ]
    rows = {(r["claim"], r["edition"]): r for r in verdicts.iter_rows(named=True)}
    number = pl.col("claim").str.extract(r"(\d+)").cast(pl.Int32)
    for claim in verdicts.sort(number, "claim")["claim"].unique(maintain_order=True):
        cells = [text for edition in (1, 2) for text in _cells(rows.get((claim, edition)))]
        lines.append(f"| {claim} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(row: Mapping[str, Any] | None) -> tuple[str, str]:
    if row is None:
        return "not asked", ""
    return WORDS[row["verdict"]], interval(row["estimate"], row["ci_low"], row["ci_high"])


def of_tests(tests: pl.DataFrame) -> list[str]:
    """Single tests row by row, a grid of many by estimator.

    Args:
        tests: Rows of `metrics.claim_test` of one claim.
    """
    lines = [
        "| role | estimator | specification | estimate [95 %] | n |",
        "|---|---|---|---|---|",
    ]
    for role in ("primary", "falsifier", "placebo", "descriptive"):
        for row in tests.filter(pl.col("role") == role).iter_rows(named=True):
            lines.append(_test_line(row))
    grid = tests.filter(pl.col("role") == "grid")
    is_few = pl.len().over("estimator") <= LISTED_SINGLY
    for row in grid.filter(is_few).iter_rows(named=True):
        lines.append(_test_line(row))
    many = (
        grid.filter(~is_few)
        .group_by("estimator", maintain_order=True)
        .agg(
            pl.len().alias("listed"),
            pl.col("estimate").count().alias("tested"),
            pl.col("is_as_expected").sum().alias("agree"),
            *(pl.col("estimate").quantile(q, "linear").alias(f"q{q}") for q in (0.0, 0.5, 1.0)),
        )
    )
    for row in many.sort("estimator").iter_rows(named=True):
        spread = ""
        if row["tested"]:
            spread = f"median {row['q0.5']:+.3f}, {row['q0.0']:+.3f} to {row['q1.0']:+.3f}"
        message = f"{row['listed']} variants: {row['tested']} tested, {row['agree']} agree"
        lines.append(f"| grid | {row['estimator']} | {message} | {spread} | |")
    return lines


def _test_line(row: Mapping[str, Any]) -> str:
    figures = interval(row["estimate"], row["ci_low"], row["ci_high"]) or row["null_reason"]
    n = "" if row["n"] is None else row["n"]
    return f"| {row['role']} | {row['estimator']} | {row['specification']} | {figures} | {n} |"


def premiums_in_words() -> str:
    """What LP1 to LP4 are, in a sentence each."""
    lines = ["## The premium's estimators in words\n", "| name | what it is |", "|---|---|"]
    lines += [f"| {name} | {words} |" for name, words in PREMIUM_WORDS.items()]
    return "\n".join(lines) + "\n"
