"""Ballots from pairs of roll calls: which roll call stands for a ballot, and which repeat it."""

import polars as pl

_SCHEMA = {"rcid": pl.Int32, "ballot_id": pl.Int32, "duplicate_of": pl.Int32}


def assign_ballots(listed: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Gives every roll call its ballot.

    Pairs that are one ballot are joined into groups. The roll call that stands for the ballot is
    one that is not flagged as a paragraph or amendment if there is any, and of these the lowest
    number: the vote file lists by resolution first, and by verbatim record later.

    Args:
        listed: rcid and `is_part` of every roll call.
        pairs: `core.ballot_pairs`.

    Returns:
        rcid, ballot_id (rcid of the roll call that stands for the ballot), duplicate_of
        (ballot_id where that is another roll call, else NULL) and duplicate_evidence: the
        evidence of a duplicate's pair with the roll call that stands for it; `kept_apart` and
        `undecided` where the roll call is in such pairs only; else NULL.

    Raises:
        ValueError: Two roll calls that are one ballot with a third are kept apart from each other.
    """
    is_part = dict(listed.select("rcid", "is_part").iter_rows())
    first = {rcid: rcid for rcid in is_part}
    for rcid1, rcid2 in _pairs_of(pairs, "one_ballot"):
        ends = sorted((_root(first, rcid1), _root(first, rcid2)), key=lambda r: (is_part[r], r))
        first[ends[1]] = ends[0]
    for rcid1, rcid2 in _pairs_of(pairs, "kept_apart"):
        if _root(first, rcid1) == _root(first, rcid2):
            raise ValueError(
                f"core.ballot_pairs: roll calls {rcid1} and {rcid2} are kept apart, and each is one"
                " ballot with a third: correct ballots_reviewed.csv"
            )
    rows = [(r, _root(first, r), None if _root(first, r) == r else _root(first, r)) for r in first]
    ballots = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return _with_evidence(ballots, pairs)


def _with_evidence(ballots: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Adds `duplicate_evidence`."""
    sides = pl.concat(
        pairs.select(
            pl.col(a).alias("rcid"), pl.col(b).alias("_other"), pl.col("decision", "evidence")
        )
        for a, b in (("rcid1", "rcid2"), ("rcid2", "rcid1"))
    ).with_columns(pl.col("decision", "evidence").cast(pl.String))
    merged = sides.filter(pl.col("decision") == "one_ballot")
    direct = merged.select("rcid", pl.col("_other").alias("duplicate_of"), "evidence")
    any_merged = merged.group_by("rcid").agg(pl.col("evidence").first().alias("_indirect"))
    apart = (
        sides.filter(pl.col("decision") != "one_ballot")
        .group_by("rcid")
        .agg(
            pl.when((pl.col("decision") == "undecided").any())
            .then(pl.lit("undecided"))
            .otherwise(pl.lit("kept_apart"))
            .first()
            .alias("_apart")
        )
    )
    joined = (
        ballots.join(direct, on=["rcid", "duplicate_of"], how="left", validate="1:1")
        .join(any_merged, on="rcid", how="left", validate="1:1")
        .join(apart, on="rcid", how="left", validate="1:1")
    )
    evidence = (
        pl.when(pl.col("duplicate_of").is_not_null())
        .then(pl.coalesce("evidence", "_indirect"))
        .otherwise(pl.col("_apart"))
    )
    return joined.select(*_SCHEMA, evidence.alias("duplicate_evidence"))


def _pairs_of(pairs: pl.DataFrame, decision: str) -> list[tuple[int, int]]:
    chosen = pairs.filter(pl.col("decision").cast(pl.String) == decision)
    return list(chosen.select("rcid1", "rcid2").iter_rows())


def _root(first: dict[int, int], rcid: int) -> int:
    while first[rcid] != rcid:
        rcid = first[rcid]
    return rcid
