"""The page of findings, docs/findings.md, with its charts (`asymmetry findings`)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from flows.engine.reference import read_reference
from flows.reports.claim_tables import editions, in_plain_words, of_tests, premiums_in_words
from flows.reports.claims_by_leader import claims_by_leader
from flows.reports.joint_shifts import joint_shifts
from flows.reports.verdicts import in_order, state_of
from transforms.metrics.claims.claim_definitions import Claim, edition_of, leaders_of, read_claims
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
from warehouse.report.specification_curves import specification_curve
from warehouse.report.voting_figures import AGREEMENT, COALITIONS, CONTROLS, DOSE, EVENTS, PREMIUM

AT_CLAIM: dict[str, tuple[Chart, ...]] = {
    "C1a": (RISE,),
    "C1b": (RATIO,),
    "C1c": (SHARES,),
    "C2a": (AGREEMENT, CONTROLS, PREMIUM, EVENTS),
    "C2b": (DOSE,),
    "C2c": (COALITIONS,),
    "C3": (DUTIES,),
    "C4": (DENSITY,),
    "C5": (SURVIVAL,),
    "C6": (BURDENS,),
}
"""C2d and C2e are in the chart of C2c."""

# the column is named so that the query fails on a build without it, instead of hiding falsifiers
_VERDICTS = (
    "SELECT * EXCLUDE (falsifiers_weakening), falsifiers_weakening FROM metrics.claim_verdict"
    " WHERE leader = 2"
)
_HEAD = """# Findings

Is the theory of Istomin and Baykov (2019) borne out? Each of its claims was written down as tests,
with what would speak against it, and a rule gives the verdicts. There are two editions. The first
(`transforms/reference/claims_edition_1.yml`) was written before the data were read, but where it
says otherwise. The second (`claims.yml`) was written when the first's figures were known, because
several of its estimands did not bear on the claim: [decision 15](decisions/0015-second-edition.md)
says why each changed. Both are judged here. A result against the paper is a result. This page is
made from a build; do not edit it here.
"""
_TITLES = {
    "abstract": ("What the abstract says", "the paper says"),
    "derived": ("What follows from it", "it follows that"),
}
_HOW = """## How to read it

An estimate is on a scale where 0 means no effect, with its 95 % interval. The primary specification
is also given at Holm's level, over the primaries of the abstract's claims, and over the derived
ones. *Supported*: that interval leaves 0 out on the expected side, two thirds of the distinct
variants do (unadjusted), the variants taken jointly are more than chance (p < .05), and nothing
weakens the claim. *Contradicted*: the primary interval, or that of a falsifier, lies wholly on the
other side. *Negligible*: the interval lies within a bound that was fixed beforehand. *Mixed*: part
of the evidence agrees. *Inconclusive*: the data cannot tell. *Not testable*: no data bear on it.
The p of the joint test is one-sided and asks whether the variants have the claim's sign; an
interval asks how large the primary effect is. `asymmetry claims CLAIM` prints every test of a
claim; `metrics.claim_test` holds them. Below each chart stands the query that gives its rows:
`asymmetry query - --format csv` reads it from standard input.
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
    verdicts = in_order(connection.sql(_VERDICTS).pl())
    raw = read_reference("claims.yml")
    of_case = "SELECT * FROM metrics.claim_test WHERE leader = ?"
    tests = connection.sql(of_case, params=[leaders_of(raw)[0]]).pl()
    claims = read_claims(raw)
    parts = [_HEAD]
    if simulated:
        parts.append(f"> **{SIMULATED}.** The figures below are of a model that we made up.\n")
    if build:
        parts.append(f"Build `{build.build_id[:12]}`, profile {build.profile}.\n")
    is_newest = pl.col("edition") == edition_of(raw)
    parts += [
        in_plain_words(
            title, says, (c for c in claims if c.origin == origin), verdicts.filter(is_newest)
        )
        for origin, (title, says) in _TITLES.items()
    ]
    labels = raw["labels"]["leader"]
    leaders = {leader: labels[leader] for leader in leaders_of(raw)}
    parts += [_HOW, claims_by_leader(connection, claims, edition_of(raw), leaders)]
    parts += [editions(verdicts), premiums_in_words()]
    parts.append(joint_shifts(connection))
    pictures: dict[str, str] = {}
    for claim in claims:
        is_own = is_newest & (pl.col("claim") == claim.name)
        verdict = verdicts.filter(is_own).row(0, named=True)
        of_claim = tests.filter(is_own)
        parts.append(_section(claim, verdict, of_claim))
        for chart in (_curve_of(claim, raw), *AT_CLAIM.get(claim.name, ())):
            parts.append(_chart(connection, chart, folder, simulated, pictures))
        parts.append(f"**Limits.** {claim.limits}\n")
    return "\n".join(parts), pictures


def _curve_of(claim: Claim, raw: Mapping[str, Any]) -> Chart:
    (primary,) = (test for test in claim.tests if test.role == "primary")
    return specification_curve(claim.name, edition_of(raw), leaders_of(raw)[0], primary.estimand)


def _section(claim: Claim, verdict: dict[str, Any], tests: pl.DataFrame) -> str:
    lines = [f"## {claim.name}\n", f"{claim.statement}\n", f"{verdict['one_line']}\n"]
    for falsifier in claim.interval_falsifiers:
        lines.append(f"* Falsifier, {state_of(verdict, falsifier.says)}: {falsifier.says}.")
    for condition in claim.weakening:
        lines.append(f"* Weakened if: {condition.says}; {state_of(verdict, condition.says)}.")
    if counter := verdict["strongest_counter_specification"]:
        lines.append(f"* Strongest variant against it: {counter}.")
    lines += ["", *of_tests(tests), "", f"```sh\nasymmetry claims {claim.name}\n```\n"]
    return "\n".join(lines)


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
