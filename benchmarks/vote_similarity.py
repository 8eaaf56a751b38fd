"""Time to compare the votes of all dyads in all sessions, beside two self-joins.

    python benchmarks/vote_similarity.py --warehouse var/warehouse.duckdb --json out.json

Every contender runs in a process of its own, so that its peak of memory is its own, and starts
with the votes in memory. The clock stops when the table of dyad-sessions is there. Their
results must be equal, to the last bit.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUDGET_SECONDS, BUDGET_MB = 1.5, 600
MIN_RATIO = {"DuckDB self-join": 5, "pandas self-merge": 50}
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
        "states": ["ccode", "valid_from", "valid_to"],
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
    from transforms.metrics.similarity import build_vote_similarity

    tables = read_inputs(folder)
    timed, outcome = best_time(lambda: build_vote_similarity(**tables, vote_sets=("final_only",)))
    return timed, outcome.tables["metrics.vote_similarity"]


def matrix_products(folder):
    """Agreement and joint count alone, from the same functions as the published tables."""
    import numpy as np
    import polars as pl

    from transforms.ballots import by_session, vote_set_rcids
    from transforms.joint_tables import joint_counts

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

    from transforms.ballots import by_session
    from transforms.metrics.similarity import similarity

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
    "pandas self-merge": (None, lambda folder: pandas_merge(folder, False)),
    "pandas self-merge, by session": (None, lambda folder: pandas_merge(folder, True)),
}
SCALES = [(1, 1), (1, 2), (1, 4), (1, 8), (2, 1), (4, 1)]


def run_apart(name, folder, threads):
    """Runs a contender in a process of its own; its report, with its peak of memory."""
    count = str(threads or os.cpu_count())
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    command = [sys.executable, __file__, "--contender", name, "--folder", str(folder)]
    done = subprocess.run(
        command,
        env={**os.environ, **dict.fromkeys(names, count)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1]) | {"threads": int(count)}


def peak_mb():
    """This process's own peak: on Linux ru_maxrss starts with what its parent had."""
    status = Path("/proc/self/status")
    if status.is_file():
        fields = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_here(name, folder):
    """What the process of a contender does."""
    if name.startswith("growth"):
        timed, table = growth(*(int(scale) for scale in name.split()[1:]))
    else:
        timed, table = CONTENDERS[name][1](folder)
    timed["peak_mb"] = peak_mb()  # so far: writing the result does not count
    if table is not None:
        table.write_parquet(folder / f"{name}.parquet")
        timed["rows"] = table.height
    print(json.dumps(timed))


def assert_equal(folder):
    """All contenders have counted the same and come to the same agreement, bit by bit."""
    import polars as pl

    key = ["session", "ccode1", "ccode2"]
    types = {"session": pl.Int16, "ccode1": pl.Int16, "ccode2": pl.Int16, "n_joint": pl.Int64}

    def read(name):
        table = pl.read_parquet(folder / f"{name}.parquet").filter(pl.col("n_joint") > 0)
        return table.select(*key, "n_joint", "agreement").cast(types).sort(key)

    expected = read("matrix products")
    for name in CONTENDERS:
        if name == "matrix products":
            continue
        other = read(name)
        if not other.select(*key, "n_joint").equals(expected.select(*key, "n_joint")):
            raise SystemExit(f"{name} counts other joint votes than the matrix products")
        apart = (other["agreement"] - expected["agreement"]).abs().max()
        # 1 - x / y is rounded twice, the quotient of whole numbers once.
        if apart > 2**-52:
            raise SystemExit(f"{name}: agreement differs by {apart}")


def versions():
    import duckdb
    import numpy as np
    import pandas as pd
    import polars as pl

    found = {"Python": platform.python_version()}
    return found | {m.__name__: m.__version__ for m in (np, pl, duckdb, pd)}


def markdown(result):
    """The report, as the generated page has it."""
    runs, grown = result["contenders"], result["growth"]
    whole, ours = runs["all measures"], runs["matrix products"]
    lines = [
        f"All dyad-sessions of {result['sessions']} sessions, vote set `final_only`"
        f" ({result['profile']} data); best of {REPEATS} runs, pandas one run.",
        "",
        "| what | how | threads | rows | seconds | CPU s | peak MB | times ours |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        f"| all nine measures, with counts and reasons | matrix products | {whole['threads']} |"
        f" {whole['rows']:,} | {whole['seconds']:.2f} | {whole['cpu_seconds']:.2f} |"
        f" {whole['peak_mb']:.0f} | |",
    ]
    for name, run in runs.items():
        if name == "all measures":
            continue
        ratio = run["seconds"] / ours["seconds"]
        lines.append(
            f"| agreement and joint count | {name} | {run['threads']} | {run['rows']:,} |"
            f" {run['seconds']:.2f} | {run['cpu_seconds']:.2f} | {run['peak_mb']:.0f} |"
            f" {ratio:.1f} |"
        )
    lines += ["", "| target | wanted | found | |", "|---|---:|---:|---|"]
    lines += [
        f"| {t['what']} | {t['wanted']} | {t['found']} | {'met' if t['met'] else 'missed'} |"
        for t in result["targets"]
    ]
    lines += [
        "",
        f"Growth, simulated: {SIMULATED_SESSIONS} sessions of {SIMULATED_ROLL_CALLS} roll calls and"
        f" {SIMULATED_STATES} states, times what the first columns say; all measures, from the"
        " table of votes on, one thread. Products of matrices cost roll calls × states²,"
        " closed forms states², reading the votes roll calls × states.",
        "",
        "| roll calls | states | votes | dyad-sessions | CPU s | times | arithmetic, times |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    base = grown[0]["cpu_seconds"]
    lines += [
        f"| {g['roll_calls']}× | {g['states']}× | {g['votes']:,} | {g['dyad_sessions']:,} |"
        f" {g['cpu_seconds']:.2f} | {g['cpu_seconds'] / base:.1f} |"
        f" {g['roll_calls'] * g['states'] ** 2} |"
        for g in grown
    ]
    lines += [line for along in ("roll_calls", "states") for line in plot(grown, along)]
    machine = result["machine"]
    listed = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines += [
        "",
        f"{machine['cpus']} CPUs ({machine['processor']}), load {machine['load']:.1f} at the start."
        f" {listed}.",
    ]
    return "\n".join(lines)


def plot(grown, along):
    """How the time grows along one axis, beside the arithmetic, as a Mermaid chart."""
    other = "states" if along == "roll_calls" else "roll_calls"
    points = [g for g in grown if g[other] == 1]
    power = 1 if along == "roll_calls" else 2
    times = [f"{g['cpu_seconds'] / points[0]['cpu_seconds']:.2f}" for g in points]
    return [
        "",
        "```mermaid",
        "xychart-beta",
        f'    title "Growth with {along.replace("_", " ")}: bars the time, line the arithmetic"',
        f"    x-axis [{', '.join(str(g[along]) for g in points)}]",
        '    y-axis "times"',
        f"    bar [{', '.join(times)}]",
        f"    line [{', '.join(str(g[along] ** power) for g in points)}]",
        "```",
    ]


def targets_of(runs, grown):
    whole, ours = runs["all measures"], runs["matrix products"]
    found = [
        (
            "seconds for all measures, one thread",
            f"≤ {BUDGET_SECONDS}",
            f"{whole['seconds']:.2f}",
            whole["seconds"] <= BUDGET_SECONDS,
        ),
        (
            "peak of memory, MB",
            f"≤ {BUDGET_MB}",
            f"{whole['peak_mb']:.0f}",
            whole["peak_mb"] <= BUDGET_MB,
        ),
    ]
    for name, least in MIN_RATIO.items():
        ratio = runs[name]["seconds"] / ours["seconds"]
        found.append((f"times as fast as the {name}", f"≥ {least}", f"{ratio:.1f}", ratio >= least))
    base = grown[0]["cpu_seconds"]
    for run in grown[3], grown[5]:
        arithmetic = run["roll_calls"] * run["states"] ** 2
        times = run["cpu_seconds"] / base
        what = f"growth with {run['roll_calls']}× the roll calls and {run['states']}× the states"
        found.append((what, f"≤ {arithmetic}", f"{times:.1f}", times <= arithmetic))
    return [dict(zip(("what", "wanted", "found", "met"), row, strict=True)) for row in found]


def processor():
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def export_inputs(warehouse, folder):
    """Writes the tables that the contenders read; what build they are of."""
    from warehouse.db import read_published

    with read_published(warehouse) as connection:
        for name in ("votes", "roll_calls", "states"):
            connection.sql(f"FROM core.{name}").pl().write_parquet(folder / f"{name}.parquet")
        ((sessions,),) = connection.execute(
            "SELECT count(DISTINCT session) FROM core.roll_calls"
        ).fetchall()
        ((profile, build_id),) = connection.execute(
            "SELECT profile, build_id FROM meta.builds WHERE is_current"
        ).fetchall()
    return {"sessions": sessions, "profile": profile, "build_id": build_id}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    home = Path(os.environ.get("ASYMMETRY_HOME") or "var")
    parser.add_argument("--warehouse", type=Path, default=home / "warehouse.duckdb")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        run_here(options.contender, options.folder)
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = {"benchmark": "vote_similarity", **export_inputs(options.warehouse, folder)}
        runs = {name: run_apart(name, folder, t) for name, (t, _) in CONTENDERS.items()}
        assert_equal(folder)
        result["growth"] = [
            {"states": s, "roll_calls": r, **run_apart(f"growth {s} {r}", folder, 1)}
            for s, r in SCALES
        ]
    result |= {
        "contenders": runs,
        "targets": targets_of(runs, result["growth"]),
        "versions": versions(),
        "machine": {"cpus": os.cpu_count(), "processor": processor(), "load": load},
    }
    print(markdown(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
