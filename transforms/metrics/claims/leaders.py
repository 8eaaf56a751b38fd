"""The leaders whose claims are judged, and what a verdict on one of them needs."""

from collections.abc import Collection

import polars as pl

LEADERS = (2, 365, 710, 220, 200)
"""COW codes: the United States, the paper's case, then the Soviet Union and Russia, China, France
and the United Kingdom. Tables of estimates have a block of rows for each that can be estimated."""

PAPER_LEADER = LEADERS[0]

MIN_ALLIES = 5
MIN_CLUSTERS = 3
MIN_ROLL_CALLS = 10


def leaders_with_dated_allies(ally_tier: pl.DataFrame) -> tuple[int, ...]:
    """Those whose allies are known by dated treaties.

    Args:
        ally_tier: `marts.ally_tier` (ccode_hegemon, tier_core).
    """
    known = ally_tier.filter(pl.col("tier_core").is_not_null())["ccode_hegemon"].unique().to_list()
    return tuple(leader for leader in LEADERS if leader in known)


def too_few(
    allies: Collection[int], clusters: Collection[str], n_roll_calls: int = MIN_ROLL_CALLS
) -> str | None:
    """Why an estimate could say nothing of a leader, whatever it were.

    Args:
        allies: States that are allies in some row behind it.
        clusters: Their clusters.
        n_roll_calls: Roll calls of the class in the window.

    Returns:
        A `null_reason`; None where there are five allies, three clusters of them and ten roll calls
        or more.
    """
    if len(allies) < MIN_ALLIES:
        return "few_allies"
    if len(clusters) < MIN_CLUSTERS:
        return "few_clusters"
    return "few_roll_calls" if n_roll_calls < MIN_ROLL_CALLS else None


def too_few_in(rows: pl.DataFrame) -> str | None:
    """The same of rows with ccode, is_ally and cluster."""
    allied = rows.filter(pl.col("is_ally"))
    return too_few(allied["ccode"].unique().to_list(), allied["cluster"].unique().to_list())
