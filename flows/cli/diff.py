"""`asymmetry diff`: what differs between two builds, table by table."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.home.builds import BuildNameError, named_build
from flows.home.paths import Home
from warehouse.catalog.builds import PublishedBuild, read_build
from warehouse.catalog.diff import TableDiff, compare_builds
from warehouse.db import QueryError

_COLUMNS_SHOWN = 4
PUBLISHED = "published"

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples: `asymmetry diff 014c3885` · `asymmetry diff 014c3885 9f00ab12` ·"
    " `asymmetry diff earlier.duckdb published`"
)
def diff(
    before: Annotated[
        str, typer.Argument(help="A kept build by the first digits of its id, or a file.")
    ],
    after: Annotated[
        str, typer.Argument(help="The same; `published` is the published one.")
    ] = PUBLISHED,
    form: FormOption = Form.table,
) -> None:
    """Tell which tables and figures differ between two builds, counted by key.

    `asymmetry rollback --list` lists the builds that are kept.
    """
    home = current_home()
    files = [named_file(home, name) for name in (before, after)]
    try:
        builds = [read_build(file) for file in files]
        # one id means the same tables, unless a file is not as it was written: so rows are read
        is_one_id = None not in builds and len({b.build_id for b in builds if b}) == 1
        found = compare_builds(*files, trusts_steps=not is_one_id)
    except QueryError as error:
        console.fail(f"They cannot be compared: {str(error).splitlines()[0]}", 1)
    if form is Form.json:
        print_json([asdict(table) for table in found])
        return
    _print(found, builds)
    if found and is_one_id:
        console.err.print(
            "One id means the same tables: one of these files is not as it was written."
            " `asymmetry verify` says whether it is the published one."
        )


def named_file(home: Home, name: str) -> Path:
    """The file of a build; ends the program where the name is nobody's, or several builds'.

    Args:
        home: The home with its kept builds.
        name: `published`, the first digits of a build's id, or a file.
    """
    if name == PUBLISHED and home.warehouse.is_file():
        return home.warehouse
    if Path(name).is_file():
        return Path(name)
    try:
        return named_build(name, home).path
    except BuildNameError as error:
        console.fail(f"{error} Nor is there a file of that name.", 2)
        raise


def _print(found: list[TableDiff], builds: list[PublishedBuild | None]) -> None:
    names = [build.build_id[:12] if build else "a file without a build" for build in builds]
    if not found:
        console.out.print(f"{names[0]} and {names[1]}: every table holds the same rows.")
        return
    heads = ["table", "rows before", "rows now", "added", "removed", "changed", "in columns"]
    rows = [(d.table, d.before, d.after, d.added, d.removed, d.changed, _columns(d)) for d in found]
    title = f"{names[1]} against {names[0]}: {len(found)} tables differ"
    console.print_rows(heads, rows, title=title, wrap=["in columns"])


def _columns(table: TableDiff) -> str:
    most = sorted((table.figures or {}).items(), key=lambda item: (-item[1], item[0]))
    named = [f"{column} {n:,}" for column, n in most[:_COLUMNS_SHOWN]]
    more = len(most) - _COLUMNS_SHOWN
    return ", ".join(named + ([f"and {more} more"] if more > 0 else []))
