"""The September counts of the rebuilt series, made comparable with the legacy series.

A release of the rebuilt series may count a host twice: its authors joined every report to two
spellings of the name. Parts of it are then also twice what they are. Such a host is known by the
years that both series have, and by all its later counts being even; it is halved. A branch of
service that a release has not read is 0 in every host abroad; that is no count.

Reference: notes on version 1.1.0 of the R package troopdata, which name both.
"""

import polars as pl

from transforms.core.us_troops_hosts import COUNTS

SEPTEMBER = 3
"""Quarter whose last month closes the US fiscal year, of which the legacy counts are."""
N_YEARS_COMPARED = 2
_BRANCHES = COUNTS[1:]


def drop_unread_branches(reports: pl.DataFrame) -> pl.DataFrame:
    """Makes NULL what a report cannot say: a branch that is 0 in every host abroad.

    Args:
        reports: year and the counts of hosts abroad, one row per host and September.

    Returns:
        The same rows.
    """
    return reports.with_columns(
        pl.when(pl.col(branch).max().over("year") > 0).then(pl.col(branch)).alias(branch)
        for branch in _BRANCHES
    )


def counted_twice(legacy: pl.DataFrame, rebuilt: pl.DataFrame) -> pl.Series:
    """The hosts that the rebuilt series counts twice.

    Args:
        legacy: ccode_to, year, troops_persons.
        rebuilt: The same, and the branches of service, by host and September.

    Returns:
        Codes of the hosts whose count is exactly twice the legacy one in the last two years in
        which both have troops there (in the one year, where there is but one), and none of whose
        counts is odd in those years or later: half of an odd number is no count.
    """
    known = legacy.select("ccode_to", "year", legacy_persons="troops_persons")
    common = (
        rebuilt.join(known, on=["ccode_to", "year"], how="inner", validate="1:1")
        .filter((pl.col("troops_persons") > 0) & (pl.col("legacy_persons") > 0))
        .sort("ccode_to", "year", descending=[False, True])
        .filter(pl.int_range(pl.len()).over("ccode_to") < N_YEARS_COMPARED)
    )
    twice = common.group_by("ccode_to").agg(
        (pl.col("troops_persons") == 2 * pl.col("legacy_persons")).all().alias("is_twice"),
        pl.col("year").min().alias("first"),
    )
    is_odd = pl.any_horizontal((pl.col(count) % 2 == 1).fill_null(False) for count in COUNTS)
    odd = (
        rebuilt.join(twice, on="ccode_to", how="inner", validate="m:1")
        .filter((pl.col("year") >= pl.col("first")) & is_odd)
        .select("ccode_to")
    )
    return twice.filter("is_twice").join(odd, on="ccode_to", how="anti")["ccode_to"].sort()


def halve(rebuilt: pl.DataFrame, hosts: pl.Series) -> pl.DataFrame:
    """Halves the counts of these hosts.

    Args:
        rebuilt: ccode_to and the counts.
        hosts: What `counted_twice` returned.

    Returns:
        The same rows, with `is_count_halved`, which marks no count of 0.
    """
    is_twice = pl.col("ccode_to").is_in(hosts.implode())
    return rebuilt.with_columns(
        *(pl.when(is_twice).then(pl.col(c) // 2).otherwise(pl.col(c)).alias(c) for c in COUNTS),
        (is_twice & (pl.col("troops_persons") > 0)).alias("is_count_halved"),
    )
