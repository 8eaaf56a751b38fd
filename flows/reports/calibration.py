"""docs/calibration.md: performance of estimators and verdicts in simulated worlds."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from flows.reports.calibration_figures import save_coverage, save_false_support, save_power
from flows.reports.calibration_results import Results
from transforms.calibration.performance import (
    LEAST_COVERAGE,
    NOMINAL_COVERAGE,
    NOMINAL_FALSE_SUPPORT,
    VERDICTS,
    does_cover_too_little,
    support,
    with_share,
)
from transforms.calibration.scenario import Family

MIN_WORLDS = 10
"""Intervals below which coverage is not reported."""

INTRODUCTION = """\
# Calibration: what verdicts do in worlds whose truth is known

*Written by `make calibrate`: do not edit. All figures are of simulated worlds.*

A claim's verdict is a rule, and a rule can be wrong. Here the pipeline's own functions test and
judge worlds that were made up, in which it is known whether the claim is true:

* **absent**: there is no effect;
* **confounded**: nor here, but something else looks like one (allies share preferences with the
  hegemon; guarantees follow preferences; a region has few ties; asymmetric alliances last longer;
  alliances share their members);
* **present**: there is an effect, of a known size.

A verdict `supported` in a world without the effect is a false support; its nominal rate is 5 %.
Both editions of the claims are judged, each by its own rule. Worlds of the second are drawn on the
published build: the real ties, the real changes of status, the real calendar of roll calls.
Every claim is judged as if it were the only one: a build corrects over all of its claims (Holm),
so its verdicts are harder to get, and what is below is the most that a rule lets through. How the
worlds are made is described in each module of `transforms/calibration/worlds/`. A run of the first
edition alone is kept in [calibration_edition_1.md](calibration_edition_1.md).

Two claims of the second edition are judged in no worlds. C2e: its p-value is exact, over all orders
of five coalitions, so that its size is known; it cannot fall below .017, and has hardly any power.
C7: nothing varies that could tell, so that nothing is estimated.
"""


def write_page(
    results: Results, families: Mapping[str, Family], codes: Mapping[str, str], folder: Path
) -> Path:
    """Writes the page and its charts.

    Args:
        results: What was found.
        families: All families.
        codes: Family to the code that would decide its worlds today.
        folder: The folder docs.

    Returns:
        The page.
    """
    supported = support(results.verdicts, families)
    covered = with_share(results.intervals.filter(pl.col("n") >= MIN_WORLDS))
    pictures = folder / "calibration"
    save_false_support(supported, pictures / "false_support.svg")
    save_power(supported, pictures / "power.svg")
    save_coverage(covered.filter("is_primary"), pictures / "coverage.svg")
    parts = [
        INTRODUCTION,
        f"This page is of {int(results.families['n_worlds'].sum()):,} worlds, fewer per scenario"
        " where a world takes seconds, and a quarter as many per size of an effect as without one;"
        " the tables say how many each. So many worlds find gross errors; a rate just above 5 %"
        " they do not tell from 5 %. The counts that it is written from are in"
        " [families](calibration/families.csv), [verdicts](calibration/verdicts.csv) and"
        " [intervals](calibration/intervals.csv).\n",
        *_of_other_code(results, codes),
        _false_support(supported),
        _power(supported, families),
        _coverage(covered, families),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "calibration.md"
    page.write_text("\n".join(parts), "utf-8")
    return page


def _of_other_code(results: Results, codes: Mapping[str, str]) -> list[str]:
    """Which figures another state of the code has made, as a paragraph; none where none."""
    names = results.with_other_code(codes)
    if not names:
        return []
    return [
        "Code, rules or lists have changed since the worlds of these families were judged:"
        f" {', '.join(names)}. Their figures are those of then (`make calibrate` judges them"
        " anew).\n"
    ]


def _false_support(supported: pl.DataFrame) -> str:
    rows = supported.filter(~pl.col("is_true"))
    lines = [
        "## False support\n",
        "![Share of worlds without the effect in which a claim is supported]"
        "(calibration/false_support.svg)\n",
        "| claim | edition | scenario | worlds | supported | share [95 %] | other verdicts | |",
        "|---|---:|---|---:|---:|---:|---|---|",
    ]
    for row in rows.iter_rows(named=True):
        too_often = "**above 5 %**" if row["low"] > NOMINAL_FALSE_SUPPORT else ""
        lines.append(
            f"| {row['claim']} | {row['edition']} | {row['scenario']} | {row['n']} |"
            f" {row['n_supported']} | {_share(row)} | {_others(row)} | {too_often} |"
        )
    n_above = sum(row["low"] > NOMINAL_FALSE_SUPPORT for row in rows.iter_rows(named=True))
    n, n_supported = int(rows["n"].sum()), int(rows["n_supported"].sum())
    message = (
        f"\nOf {rows.height} rules and scenarios, {n_above} are above the nominal 5 % beyond"
        f" chance. In all, {n_supported} of {n:,} verdicts are false supports"
        f" ({n_supported / max(n, 1):.1%})."
    )
    return "\n".join([*lines, message, ""])


def _power(supported: pl.DataFrame, families: Mapping[str, Family]) -> str:
    rows = supported.filter(pl.col("is_true"))
    lines = [
        "## Power\n",
        "![Share of worlds with the effect in which a claim is supported, by size]"
        "(calibration/power.svg)\n",
        "| claim | edition | size 1 is | scenario | worlds | supported [95 %] | other verdicts |",
        "|---|---:|---|---|---:|---:|---|",
    ]
    for row in rows.iter_rows(named=True):
        lines.append(
            f"| {row['claim']} | {row['edition']} | {families[row['family']].unit} |"
            f" {row['scenario']} | {row['n']} | {_share(row)} | {_others(row)} |"
        )
    return "\n".join([*lines, ""])


def _coverage(covered: pl.DataFrame, families: Mapping[str, Family]) -> str:
    lines = [
        "## Coverage of the 95 % intervals\n",
        "The truth is the parameter that the worlds were drawn with where the estimand is one, and"
        " otherwise the estimand's value in a population many times as large (each module says"
        " which). Too narrow: coverage below 95 % beyond chance. A primary fails where its"
        f" coverage is below {LEAST_COVERAGE:.0%} as well. Left out: fewer than {MIN_WORLDS}"
        " intervals.\n",
        "![Share of intervals that hold the truth](calibration/coverage.svg)\n",
        "| claim | edition | estimator: specification | scenario | truth | mean estimate | worlds |"
        " covers [95 %] | |",
        "|---|---:|---|---|---:|---:|---:|---:|---|",
    ]
    for row in covered.iter_rows(named=True):
        short = "**too narrow**" if row["high"] < NOMINAL_COVERAGE else ""
        if row["is_primary"] and does_cover_too_little(row["n_yes"], row["n"]):
            short = "**fails**"
        lines.append(
            f"| {row['claim']} | {families[row['family']].edition} | {row['test']} |"
            f" {row['scenario']} | {row['truth']:+.4f} | {row['mean_estimate']:+.4f} | {row['n']} |"
            f" {_share(row)} | {short} |"
        )
    n_short = sum(row["high"] < NOMINAL_COVERAGE for row in covered.iter_rows(named=True))
    n, n_held = int(covered["n"].sum()), int(covered["n_yes"].sum())
    message = (
        f"\n{n_short} of {covered.height} cover less than 95 % beyond chance. In all,"
        f" {n_held:,} of {n:,} intervals hold the truth ({n_held / max(n, 1):.1%})."
    )
    return "\n".join([*lines, message, ""])


def _others(row: dict[str, int]) -> str:
    """How often each verdict but supported was given, those that never were left out."""
    found = {v: row[f"n_{v}"] for v in VERDICTS if v != "supported"}
    return ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in found.items() if n)


def _share(row: dict[str, float]) -> str:
    return f"{row['share']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
