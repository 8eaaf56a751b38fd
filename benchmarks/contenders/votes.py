"""Ways to compare the votes of all dyads: ours, and self-joins of DuckDB, Polars and pandas.

Each takes the folder of the exported tables, starts with the votes in memory, and returns its
times and its table of dyad-sessions.
"""

import os
import time

REPEATS = 3
SIMULATED_SESSIONS, SIMULATED_ROLL_CALLS, SIMULATED_STATES = 75, 84, 160


def best_time(work):
    """Least wall and CPU seconds of some runs, and the last result."""
    walls, cpus = [], []
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {"seconds": min(walls), "cpu_seconds": min(cpus), "first_seconds": walls[0]}, result


def read_inputs(folder):
    import polars as pl

    columns = {
        "votes": ["rcid", "ccode", "choice"],
        "roll_calls": ["rcid", "session", "in_final_only", "is_unanimous"],
        "states": None,  # as the step reads it: some dozen columns of a few hundred rows
    }
    return {n: pl.read_parquet(folder / f"{n}.parquet", columns=c) for n, c in columns.items()}


def voted(folder):
    """The yes, abstain and no votes of the vote set, as small integers."""
    import polars as pl

    tables = read_inputs(folder)
    counted = tables["roll_calls"].filter("in_final_only", ~pl.col("is_unanimous"))
    places = {"yes": 1, "abstain": 2, "no": 3}
    return (
        tables["votes"]
        .filter(pl.col("choice").is_in(list(places)))
        .with_columns(pl.col("choice").replace_strict(places, return_dtype=pl.Int8))
        .join(counted.select("rcid", "session"), on="rcid")
        .select("session", "rcid", "ccode", "choice")
    )


def all_measures(folder):
    """Every measure, the whole published table for one vote set."""
    from transforms.metrics.similarity.vote_similarity import build_vote_similarity

    tables = read_inputs(folder)
    timed, outcome = best_time(lambda: build_vote_similarity(**tables, vote_sets=("final_only",)))
    return timed, outcome.tables["metrics.vote_similarity"]


def matrix_products(folder):
    """Agreement and joint count alone, from the same functions as the published tables."""
    import numpy as np
    import polars as pl

    from transforms.contingency_tables import joint_counts
    from transforms.rollcall_matrix import by_session, vote_set_rcids

    tables = read_inputs(folder)

    def work():
        parts = []
        rcids = vote_set_rcids(tables["roll_calls"], "final_only")
        for ballots in by_session(tables["votes"], tables["roll_calls"]):
            counts = joint_counts(ballots.columns(rcids))
            pairs = np.flatnonzero(counts["n_joint"])
            first, second = np.triu_indices(len(ballots.ccodes), 1)
            joint = counts["n_joint"][pairs]
            alike = 2 * counts["n_same"][pairs] + counts["n_partial"][pairs]
            columns = {
                "ccode1": ballots.ccodes[first[pairs]],
                "ccode2": ballots.ccodes[second[pairs]],
                "session": np.full(len(pairs), ballots.session, np.int16),
                "n_joint": joint.astype(np.int16),
                "agreement": alike / (2 * joint),
            }
            parts.append(pl.DataFrame(columns))
        return pl.concat(parts)

    return best_time(work)


def duckdb_join(folder, threads):
    import duckdb

    votes = voted(folder)  # noqa: F841 - DuckDB reads it by name
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute("CREATE TABLE votes AS FROM votes")
    timed, _ = best_time(
        lambda: connection.execute(
            "CREATE OR REPLACE TABLE dyads AS"
            " SELECT a.ccode AS ccode1, b.ccode AS ccode2, a.session, count(*) AS n_joint,"
            " 1 - sum(abs(a.choice - b.choice)) / (2 * count(*)) AS agreement"
            " FROM votes a JOIN votes b ON a.rcid = b.rcid AND a.ccode < b.ccode"
            " GROUP BY ALL"
        ).fetchall()
    )
    return timed, connection.sql("FROM dyads").pl()


def polars_join(folder):
    """A lazy self-join, so that Polars plans it as a whole."""
    import polars as pl

    votes = voted(folder)

    def work():
        left = votes.lazy()
        pairs = left.join(left.drop("session"), on="rcid", suffix="2")
        return (
            pairs.filter(pl.col("ccode") < pl.col("ccode2"))
            .group_by("session", pl.col("ccode").alias("ccode1"), "ccode2")
            .agg(
                n_joint=pl.len(),
                apart=(pl.col("choice") - pl.col("choice2")).abs().cast(pl.Int64).sum(),
            )
            .with_columns(agreement=1 - pl.col("apart") / (2 * pl.col("n_joint")))
            .drop("apart")
            .collect(engine="streaming")
        )

    return best_time(work)


def merged(cells):
    """The dyads of some votes, by a pandas merge with themselves."""
    import pandas as pd

    both = cells.merge(cells[["rcid", "ccode", "choice"]], on="rcid", suffixes=("1", "2"))
    both = both[both["ccode1"] < both["ccode2"]]
    apart = (both["choice1"] - both["choice2"]).abs()
    keys = [both["session"], both["ccode1"], both["ccode2"]]
    grouped = apart.groupby(keys).agg(["count", "sum"])
    agreement = 1 - grouped["sum"] / (2 * grouped["count"])
    return pd.DataFrame({"n_joint": grouped["count"], "agreement": agreement}).reset_index()


def pandas_merge(folder, by_session):
    """One merge of all votes, or, kinder to memory and so faster, one merge per session."""
    import pandas as pd
    import polars as pl

    votes = voted(folder).to_pandas()
    wall, cpu = time.perf_counter(), time.process_time()
    if by_session:
        table = pd.concat([merged(held) for _, held in votes.groupby("session")])
    else:
        table = merged(votes)
    seconds, cpu = time.perf_counter() - wall, time.process_time() - cpu
    timed = {"seconds": seconds, "cpu_seconds": cpu, "first_seconds": seconds}
    return timed, pl.from_pandas(table)


def growth(states, roll_calls):
    """All measures of simulated sessions, from the table of votes on."""
    import numpy as np
    import polars as pl

    from transforms.metrics.similarity.vote_dyads import similarity
    from transforms.rollcall_matrix import by_session

    draw = np.random.default_rng(75)
    n_roll_calls, n_states = SIMULATED_ROLL_CALLS * roll_calls, SIMULATED_STATES * states
    shape = (SIMULATED_SESSIONS * n_roll_calls, n_states)
    rcid, ccode = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    place = draw.integers(0, 4, rcid.size, dtype=np.uint32)
    names = pl.Series(["yes", "abstain", "no", "absent"])
    votes = pl.DataFrame({"rcid": rcid, "ccode": (ccode + 1).astype(np.int16)})
    votes = votes.with_columns(choice=names.gather(place))
    calls = pl.DataFrame({"rcid": np.arange(shape[0], dtype=np.int32)})
    calls = calls.with_columns(session=pl.col("rcid") // n_roll_calls + 1)
    del rcid, ccode, place

    def work():
        for ballots in by_session(votes, calls):
            similarity(ballots.choices)

    pairs = SIMULATED_SESSIONS * n_states * (n_states - 1) // 2
    return best_time(work)[0] | {"votes": votes.height, "dyad_sessions": pairs}, None


CONTENDERS = {
    "all measures": (1, all_measures),
    "matrix products": (1, matrix_products),
    "DuckDB self-join, 1 thread": (1, lambda folder: duckdb_join(folder, 1)),
    "DuckDB self-join": (None, lambda folder: duckdb_join(folder, os.cpu_count())),
    "Polars self-join": (None, polars_join),
    "pandas self-merge": (None, lambda folder: pandas_merge(folder, False)),
    "pandas self-merge, by session": (None, lambda folder: pandas_merge(folder, True)),
}
