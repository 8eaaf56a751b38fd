"""The page of findings, docs/findings.md, with its charts (`asymmetry findings`)."""

from typing import Any

import polars as pl
import yaml

from flows.engine.reference import reference_text
from flows.reports.verdicts import interval, state_of
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from warehouse.catalog.builds import current_build
from warehouse.db import Connection, QueryError
from warehouse.report.alliance_figures import (
    BURDENS,
    DENSITY,
    DUTIES,
    RATIO,
    RISE,
    SHARES,
    SURVIVAL,
)
from warehouse.report.charts import SIMULATED, Chart, svg_of
from warehouse.report.voting_figures import AGREEMENT, COALITIONS, DOSE, EVENTS, PREMIUM

AT_CLAIM: dict[str, tuple[Chart, ...]] = {
    "C1a": (RISE,),
    "C1b": (RATIO,),
    "C1c": (SHARES,),
    "C2a": (AGREEMENT, PREMIUM, EVENTS),
    "C2b": (DOSE,),
    "C2c": (COALITIONS,),
    "C3": (DUTIES,),
    "C4": (DENSITY,),
    "C5": (SURVIVAL,),
    "C6": (BURDENS,),
}
"""C2d and C2e are in the chart of C2c."""

_VERDICT_WORDS = {
    "supported": "Supported",
    "mixed": "Mixed",
    "not_supported": "Not supported",
    "not_testable": "Not testable",
}
# the column is named so that the query fails on a build without it, instead of hiding falsifiers
_VERDICTS = (
    "SELECT * EXCLUDE (falsifiers_weakening), falsifiers_weakening FROM metrics.claim_verdict"
)
_HEAD = """# Findings

Is the theory of Istomin and Baykov (2019) borne out? Each of its claims was written down as tests,
with what would speak against it (`transforms/reference/claims.yml`), before the data were read but
where its limits say otherwise, and one rule gave the verdicts
(`transforms/metrics/claims/verdict_rule.py`). A result against the paper is a result. This
page is made from a build; do not edit it here.
"""
_HOW = """## How to read it

An estimate is on a scale where 0 means no effect, with its 95 % interval. The primary specification
is also given at Holm's level, over the primaries of all claims. *Supported*: that interval leaves 0
out on the expected side, at least two thirds of the listed grid do (unadjusted), and no falsifier
fires. *Not supported*: a falsifier fires, or the primary interval lies within the equivalence bound
or on the other side. *Not testable*: the primary could not be computed. *Mixed*: everything else.
`asymmetry claims CLAIM` prints every test of a claim; `metrics.claim_test` holds them. Below each
chart stands the query that gives its rows: `asymmetry query - --format csv` reads it from standard
input.
"""


def findings_of(connection: Connection, folder: str, simulated: bool) -> tuple[str, dict[str, str]]:
    """The page, and its charts by name.

    Args:
        connection: An open warehouse.
        folder: Folder of the charts, relative to the page.
        simulated: Whether the world is simulated.

    Returns:
        Markdown, and name to SVG.
    """
    # sums of floats depend on their order, and that on the number of threads
    connection.execute("SET threads = 1")
    build = current_build(connection)
    verdicts = connection.sql(_VERDICTS).pl()
    tests = connection.sql("SELECT * FROM metrics.claim_test").pl()
    claims = read_claims(yaml.safe_load(reference_text("claims.yml")))
    parts = [_HEAD]
    if simulated:
        parts.append(f"> **{SIMULATED}.** The figures below are of a model that we made up.\n")
    if build:
        parts.append(f"Build `{build.build_id[:12]}`, profile {build.profile}.\n")
    parts += [_overview(verdicts), _HOW]
    pictures: dict[str, str] = {}
    for claim in claims:
        verdict = verdicts.filter(pl.col("claim") == claim.name).row(0, named=True)
        of_claim = tests.filter(pl.col("claim") == claim.name)
        parts.append(_section(claim, verdict, of_claim))
        for chart in AT_CLAIM.get(claim.name, ()):
            parts.append(_chart(connection, chart, folder, simulated, pictures))
        parts.append(f"**Limits.** {claim.limits}\n")
    return "\n".join(parts), pictures


def _overview(verdicts: pl.DataFrame) -> str:
    lines = [
        "## Verdicts\n",
        "| claim | verdict | primary estimate [95 %] | at Holm's level | grid that agrees |",
        "|---|---|---|---|---|",
    ]
    for row in verdicts.sort("claim").iter_rows(named=True):
        anchor = f"[{row['claim']}](#{row['claim'].lower()})"
        lines.append(
            f"| {anchor} {row['statement']} | **{_VERDICT_WORDS[row['verdict']]}** |"
            f" {interval(row['estimate'], row['ci_low'], row['ci_high'])} |"
            f" {interval(None, row['ci_low_holm'], row['ci_high_holm'])} |"
            f" {row['n_grid_as_expected']} of {row['n_grid']} |"
        )
    return "\n".join(lines) + "\n"


def _section(claim: Claim, verdict: dict[str, Any], tests: pl.DataFrame) -> str:
    lines = [f"## {claim.name}\n", f"{claim.statement}\n", f"{verdict['one_line']}\n"]
    for falsifier in claim.falsifiers:
        lines.append(f"* Falsifier, {state_of(verdict, falsifier.says)}: {falsifier.says}.")
    if counter := verdict["strongest_counter_specification"]:
        lines.append(f"* Strongest variant against it: {counter}.")
    lines += ["", *_table(tests), "", f"```sh\nasymmetry claims {claim.name}\n```\n"]
    return "\n".join(lines)


def _table(tests: pl.DataFrame) -> list[str]:
    """Single tests row by row, the grid by estimator."""
    lines = [
        "| role | estimator | specification | estimate [95 %] | n |",
        "|---|---|---|---|---|",
    ]
    for role in ("primary", "falsifier", "placebo"):
        for row in tests.filter(pl.col("role") == role).iter_rows(named=True):
            figures = interval(row["estimate"], row["ci_low"], row["ci_high"])
            lines.append(
                f"| {role} | {row['estimator']} | {row['specification']} |"
                f" {figures or row['null_reason']} | {'' if row['n'] is None else row['n']} |"
            )
    grid = (
        tests.filter(pl.col("role") == "grid")
        .group_by("estimator", maintain_order=True)
        .agg(
            pl.len().alias("listed"),
            pl.col("estimate").count().alias("tested"),
            pl.col("is_as_expected").sum().alias("agree"),
            *(pl.col("estimate").quantile(q, "linear").alias(f"q{q}") for q in (0.0, 0.5, 1.0)),
        )
    )
    for row in grid.sort("estimator").iter_rows(named=True):
        spread = ""
        if row["tested"]:
            spread = f"median {row['q0.5']:+.3f}, {row['q0.0']:+.3f} to {row['q1.0']:+.3f}"
        message = f"{row['listed']} variants: {row['tested']} tested, {row['agree']} agree"
        lines.append(f"| grid | {row['estimator']} | {message} | {spread} | |")
    return lines


def _chart(
    connection: Connection, chart: Chart, folder: str, simulated: bool, pictures: dict[str, str]
) -> str:
    """The chart and its query, or a sentence that says why it is missing."""
    try:
        rows = pl.DataFrame(connection.sql(chart.sql).pl())
    except QueryError as error:
        return f"*{chart.title}*: this build lacks what it is made of ({_first_line(error)}).\n"
    if not is_drawable(rows):
        return f"*{chart.title}*: nothing to draw in this build.\n"
    pictures[chart.name] = svg_of(chart.specification(rows, simulated))
    sql = chart.sql.strip()
    return f"![{chart.title}]({folder}/{chart.name}.svg)\n\n```sql\n{sql}\n```\n"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def is_drawable(rows: pl.DataFrame) -> bool:
    """Whether there is anything to draw."""
    return rows.height > 1 and rows["estimate"].count() > 1
