"""The bare function of every step on frames in memory, timed apart: pure computation.

No gate, no file, no contract, no other process: what a step reads lies in memory as frames (a
source's bytes for a staging step, tables of DuckDB for a mart's SQL) before the clock starts, and
the clock stops when its function returns.
"""

import sys
import time
from importlib import import_module

IMPORTED_LATE = ("scipy.stats", "statsmodels.api", "lifelines", "diff_diff", "fastexcel", "rdata")
"""What some steps import when they are called; a process of a build does so once."""


def time_functions(home, profile):
    """Times the function of every step of the build that a home holds, one after the other.

    Args:
        home: A home whose steps are finished by this code.
        profile: Whose newest snapshots were built.

    Returns:
        Step to its `seconds` and `cpu`; of steps with chunks, of all chunks and of the end.
    """
    import polars as pl

    from flows.engine.plan import plan_steps
    from flows.engine.store import StepStore
    from flows.home.paths import Home
    from measuring.builds import snapshots_of

    home = Home.at(home)
    for library in IMPORTED_LATE:
        import_module(library)
    snapshots = snapshots_of(home, profile)
    plan = plan_steps({slug: s.sha256 for slug, s in snapshots.items()})
    store = StepStore(home.steps)
    found = {}
    for name, planned in plan.items():
        tables = {
            table: pl.read_parquet(store.folder(maker, plan[maker].step_hash) / f"{table}.parquet")
            for table, maker in planned.inputs.items()
        }
        found[name], _ = timed(prepared(planned.step, tables, snapshots))
        print(f"{name}: {found[name]['cpu']:.1f} s", file=sys.stderr, flush=True)
    return found


def time_chain(home, profile, but=()):
    """Times the function of every step from the bytes on, each on what those before have made.

    Nothing is written, so that a world can be measured that nobody has built.

    Args:
        home: A home that has fetched every source.
        profile: Whose newest snapshots are read.
        but: Steps to leave out, with all that read them.

    Returns:
        As `time_functions`, and the sizes of the world.
    """
    from flows.dag import STEPS
    from flows.home.paths import Home
    from measuring.builds import snapshots_of
    from warehouse.contracts.read import contracts

    for library in IMPORTED_LATE:
        import_module(library)
    snapshots = snapshots_of(Home.at(home), profile)
    made, found = {}, {}
    for step in STEPS:
        if step.name in but or not set(step.reads) <= made.keys():
            continue
        tables = {table: made[table] for table in step.reads}
        found[step.name], outcome = timed(prepared(step, tables, snapshots))
        frames = outcome.tables if step.stage != "marts" else {step.outputs[0]: outcome}
        made |= {name: contracts()[name].conform(frame) for name, frame in frames.items()}
        print(f"{step.name}: {found[step.name]['cpu']:.1f} s", file=sys.stderr, flush=True)
    sizes = {
        "roll_calls": made["core.roll_calls"].height,
        "votes": made["core.votes"]["choice"].is_in(["yes", "abstain", "no"]).sum(),
        "dyad_sessions": made["core.dyad_sessions"].height,
        "states": made["core.votes"]["ccode"].n_unique(),
    }
    return found, sizes


def timed(work):
    """What some work takes, and what comes of it."""
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = work()
    taken = {"seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return taken, outcome


def prepared(step, tables, snapshots):
    """What computes a step's tables, everything that it reads already in memory."""
    if step.stage == "staged":
        return prepared_staging(step, snapshots[step.source])
    if step.stage == "marts":
        return prepared_mart(step, tables)
    import polars as pl

    from flows.engine.compute import function_at
    from flows.home.covariates import read_covariates

    arguments = arguments_of(step, tables)
    function = function_at(step.function)
    if not step.chunk_function:
        of_users = {name: read_covariates(None) for name in step.user_files}
        return lambda: function(**arguments, **of_users)
    chunk_function, n_chunks = function_at(step.chunk_function), step.n_chunks

    def work():
        pieces = [
            chunk_function(chunk=chunk, n_chunks=n_chunks, **arguments) for chunk in range(n_chunks)
        ]
        return function(**arguments, chunks=pl.concat(pieces))

    return work


def arguments_of(step, tables):
    """The tables, lists and coverage that a step's function takes, by argument."""
    from flows.engine.coverage import coverages
    from flows.engine.reference import read_reference

    found = {name: tables[table] for name, table in step.tables.items()}
    found |= {name: read_reference(file) for name, file in step.references.items()}
    return found | ({"coverage": coverages(step.coverage)} if step.coverage else {})


def prepared_staging(step, snapshot):
    from flows.fetch.members import read_members
    from flows.sources import load_declarations

    module = import_module(step.modules[0])
    members = read_members(snapshot, load_declarations()[snapshot.slug])
    return lambda: module.stage(module.read(members))


def prepared_mart(step, tables):
    import duckdb

    from warehouse.load.marts import mart_sql

    connection = duckdb.connect(":memory:")
    connection.execute("SET threads = 1")  # as the step does
    for schema in ("core", "marts"):
        connection.execute(f"CREATE SCHEMA {schema}")
    for table, frame in tables.items():
        connection.register("held", frame)
        connection.execute(f"CREATE TABLE {table} AS FROM held")
    sql = mart_sql(step.outputs[0])
    return lambda: connection.sql(sql).pl()
