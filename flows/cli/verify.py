"""`asymmetry verify`: stored bytes are what they were, published cells what the bytes give.

The flow of the same name does it every night.
"""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.home.noted_run import noted_run
from flows.home.paths import Home
from flows.home.run_history import VERIFY
from flows.operations.compare_cells import CELLS, SEED, Asked
from flows.operations.open_faults import Fault, note_verification, open_rows
from flows.operations.rederive import Rederived, derivable_tables
from flows.operations.verification import (
    Bytes,
    File,
    VerificationError,
    counts_of,
    facts_of,
    looked_at,
    verify_bytes,
    verify_cells,
    verify_file,
)
from warehouse.contracts.read import contracts

_SHOWN = 20

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples: `asymmetry verify` · `asymmetry verify --table core.gdp --every-cell` ·"
    " `asymmetry verify --table core.votes --row rcid=3 --row ccode=2`"
)
def verify(  # noqa: PLR0917 - the signature is Typer's
    cells: Annotated[
        int, typer.Option(min=1, help="How many cells are derived from raw bytes, at least.")
    ] = CELLS,
    seed: Annotated[
        int, typer.Option(help="Of the choice of cells; another seed takes other cells.")
    ] = SEED,
    table: Annotated[
        str | None, typer.Option(help="Only cells of this table.", metavar="SCHEMA.TABLE")
    ] = None,
    row: Annotated[
        list[str] | None,
        typer.Option(
            help="Only the rows of --table with this value; may be repeated.",
            metavar="COLUMN=VALUE",
        ),
    ] = None,
    every_cell: Annotated[
        bool, typer.Option("--every-cell", help="Every cell of --table, whatever it takes.")
    ] = False,
    form: FormOption = Form.table,
) -> None:
    """Prove that stored bytes are what they were and published cells what the bytes give.

    Hashes every snapshot, finished step and kept build again, looks for the snapshots that kept
    builds were made of, hashes the published file, and derives cells of it from the raw bytes with
    code that shares nothing with the pipeline: some, and those that were wrong the last time. Only
    a record in runs/ is written.

    Exit code 0 when all of it holds, 1 when anything does not.
    """
    asked = Asked(seed, cells, _known(table), _values(table, row or ()), every_cell)
    if every_cell and table is None:
        console.fail("--every-cell goes with --table.", 2)
    raise SystemExit(print_verification(current_home(), asked, form is Form.json))


def _known(table: str | None) -> str | None:
    known = derivable_tables()
    if table is not None and table not in known:
        near = ", ".join(get_close_matches(table, known, 3, 0))
        there = f"There are {', '.join(known)}."
        console.fail(f"Cells of {table} are not derived. Did you mean: {near}? {there}", 2)
    return table


def _values(table: str | None, rows: Sequence[str]) -> dict[str, str]:
    values = dict(part.partition("=")[::2] for part in rows)
    if values and table is None:
        console.fail("--row goes with --table.", 2)
    columns = [c.name for c in contracts()[table].columns] if table else []
    for column in values:
        if column not in columns:
            near = ", ".join(get_close_matches(column, columns, 3, 0))
            console.fail(f"{table} has no column {column}. Did you mean: {near}?", 2)
    return values


def print_verification(home: Home, asked: Asked, as_json: bool = False) -> int:
    """Verifies a home and prints what was found, part by part; leaves a record of it.

    Returns:
        Exit code: 0 when all of it holds, 1 when anything does not.
    """
    if not home.path.is_dir():
        _say(f"Nothing is stored in {home.path} yet: asymmetry refresh.")
        return 0
    code = 0
    try:
        with noted_run(VERIFY, "unknown", "verified", home) as record:
            asked = replace(asked, again=open_rows(home))
            stored = verify_bytes(home)
            file = verify_file(home)
            if file.build:
                simulated = file.build.is_simulated
                record.profile = "sample" if simulated else file.build.profile
            cells = None
            if file.build:
                cells = verify_cells(home, file.build, asked, stored.damaged)
            faults = [*stored.faults, *file.faults, *(cells.faults if cells else ())]
            looked = looked_at(stored, file, cells, asked)
            note_verification(record, home, counts_of(stored, file, cells), looked, faults)
            if faults:
                raise VerificationError(faults)
    except VerificationError:
        code = 1
    # after its record is there: where nobody reads on, what was found is none the less known
    if as_json:
        print_json(facts_of(stored, file, cells))
    else:
        _print_stored(stored)
        _print_file(file)
        _print_cells(cells, asked)
    return code


def _print_stored(stored: Bytes) -> None:
    hashed = {
        ("snapshots", "as they were when they were fetched"): stored.n_snapshots,
        ("finished steps", "as they were"): stored.n_steps,
        ("kept builds", "as they were"): stored.n_builds,
    }
    for (what, how), n in hashed.items():
        _say(f"{n} {what} hashed again: {how}." if n else f"No {what} are here, or none {how}.")
    if n := stored.n_needed:  # those that are not there are named below
        _say(f"{n} snapshots that the published and kept builds were made of are there.")
    for name in stored.unrecorded:
        _say(
            f"No checksum of the kept build {name} was recorded: it can be read, and whether it is"
            " as it was written is not known."
        )
    _print_faults(stored.faults)


def _print_file(file: File) -> None:
    if file.build is None and not file.faults:
        _say("Nothing is published here.")
    elif file.build and not file.faults:
        words = "its checksum is as recorded" if file.is_recorded else "no checksum of it was kept"
        simulated = ", SIMULATED" if file.build.is_simulated else ""
        _say(f"Published file: build {file.build.build_id[:12]}{simulated}; {words}.")
    if file.other_code:
        _say(file.other_code)
    for line in file.drift:
        _say(f"Published by other code: {line}.")
    _print_faults(file.faults)


def _print_cells(cells: Rederived | None, asked: Asked) -> None:
    if cells is None:
        return
    n, n_tables = sum(cells.n_cells.values()), len(cells.n_cells)
    which = "every cell asked for" if asked.row or asked.every_cell else f"seed {asked.seed}"
    n_found = len(cells.faults)
    wrong = f"{n_found} finding{'s' * (n_found > 1)}" if n_found else "all as published"
    tables = f"{n_tables} table{'s' * (n_tables != 1)}"
    if n:
        _say(f"{n:,} cells of {tables} re-derived from raw bytes ({which}), {wrong}.")
    else:
        _say("No cell was re-derived from raw bytes.")
    if cells.n_keys:
        found = "see below" if cells.faults else "none is missing, none too many"
        n_rows = sum(cells.n_keys.values())
        of = f"All {n_rows:,} rows of {len(cells.n_keys)} tables"
        _say(f"{of} were looked for in the bytes: {found}.")
    for table, reason in cells.left_out.items():
        _say(f"Nothing of {table} was derived: {reason}.")
    _print_faults(cells.faults[:_SHOWN])
    if len(cells.faults) > _SHOWN:
        _say(f"… and {len(cells.faults) - _SHOWN:,} more; --json has all of them.")
    if cells.faults:
        _say(
            "The bytes that these were derived from are as they were fetched: nothing is lost. Look"
            " at the rows that are named. Where the published file is wrong, `asymmetry rollback`"
            " puts an earlier build in its place; moved away, the next refresh makes it anew. Where"
            " it is a rule, a finding holds for every build by this code: report it."
        )


def _print_faults(faults: Sequence[Fault]) -> None:
    for fault in faults:
        console.out.print(f"WRONG: {fault.text}", style="red", markup=False, soft_wrap=True)


def _say(text: str) -> None:
    console.out.print(text, markup=False, soft_wrap=True)
