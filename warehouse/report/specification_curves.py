"""Specification curves: all distinct variants of a claim in order of their estimate."""

from dataclasses import replace
from functools import partial

import polars as pl

from warehouse.report.charts import COLOURS, HEIGHT, WIDTH, Chart

GROUPS = {
    "argument": "green",
    "primary": "orange",
    "agrees": "blue",
    "contradicts": "purple",
    "unsure": "grey",
}
CHART_OF_THE_ESTIMAND = """
SELECT CAST(row_number() OVER (ORDER BY estimate, estimator, specification) AS INTEGER) AS place,
  estimator || ': ' || specification AS label, estimate, ci_low AS low, ci_high AS high,
  CASE WHEN is_primary THEN 'primary' WHEN is_as_expected THEN 'agrees'
    WHEN excludes_zero THEN 'contradicts' ELSE 'unsure' END AS series
FROM metrics.claim_test
WHERE claim = '{claim}' AND edition = {edition} AND leader = {leader} AND is_distinct
  AND estimate IS NOT NULL AND estimand = (SELECT estimand FROM metrics.claim_test
    WHERE claim = '{claim}' AND edition = {edition} AND leader = {leader} AND is_primary)
ORDER BY place"""


def specification_curve(claim: str, edition: int, leader: int, estimand: str) -> Chart:
    """The curve of one claim.

    Args:
        claim: The claim.
        edition: Edition of the claims.
        leader: COW code of the hegemon.
        estimand: What its primary estimates; variants that estimate something else are on
            another scale and not drawn.
    """
    return Chart(
        name=f"curve_{claim.lower()}",
        sql=CHART_OF_THE_ESTIMAND.format(claim=claim, edition=edition, leader=leader),
        draw=partial(_curve, y_title=estimand),
        title=f"Variants of {claim}",
        subtitle="Distinct variants with the primary's estimand, in order of their estimate; 95 %"
        " intervals, not adjusted; one agrees or contradicts where its interval leaves 0 out.",
        source="metrics.claim_test of alliance-asymmetry",
    )


def argument_curve(
    claim: str, edition: int, leader: int, estimand: str, own: tuple[float, float, float]
) -> Chart:
    """The curve of one claim with an argument among its variants.

    Args:
        claim: The claim.
        edition: Edition of the claims.
        leader: COW code of the hegemon.
        estimand: What its primary estimates, and the argument, too.
        own: Estimate of the argument, lower and upper end of its interval.
    """
    plain = specification_curve(claim, edition, leader, estimand)
    return replace(
        plain,
        draw=partial(_with_argument, own=own, y_title=estimand),
        title=f"An argument about {claim} among its variants",
    )


def _with_argument(rows: pl.DataFrame, *, own: tuple[float, float, float], y_title: str) -> object:
    names = ("estimate", "low", "high")
    one = pl.DataFrame(
        {"label": ["argument"], "series": ["argument"], **dict(zip(names, own, strict=True))}
    )
    both = pl.concat([rows.drop("place"), one.select(rows.drop("place").columns)])
    ranked = both.sort("estimate", maintain_order=True).with_row_index("place", offset=1)
    return _curve(ranked.with_columns(pl.col("place").cast(pl.Int32)), y_title=y_title)


def _curve(rows: pl.DataFrame, *, y_title: str) -> object:
    import altair as alt

    series = [name for name in GROUPS if name in set(rows["series"])]
    scale = alt.Scale(domain=series, range=[COLOURS[GROUPS[name]] for name in series])
    colour = alt.Color("series:N", scale=scale, sort=series)
    base = alt.Chart(rows).encode(
        x=alt.X(
            "place:Q",
            title="variants, in order",
            scale=alt.Scale(domain=[0, rows.height + 1], nice=False),
            axis=alt.Axis(format="d", grid=False, tickMinStep=1),
        ),
        color=colour,
    )
    thin = max(1.0, min(3.0, 240 / rows.height))
    rule = base.mark_rule(strokeWidth=thin, opacity=0.6).encode(
        y=alt.Y("low:Q", title=_short(y_title)), y2="high:Q"
    )
    dot = base.mark_point(filled=True, opacity=1).encode(
        y="estimate:Q",
        size=alt.condition(
            (alt.datum.series == "primary") | (alt.datum.series == "argument"),
            alt.value(110),
            alt.value(18),
        ),
    )
    zero = alt.Chart(rows.head(1)).mark_rule(color="#333333", strokeDash=[4, 3])
    layers = [zero.encode(y=alt.datum(0)), rule, dot]
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _short(text: str, width: int = 46) -> list[str]:
    """A title in lines: the axis is only so high."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
