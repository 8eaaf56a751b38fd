"""`asymmetry restore --check`: proves a backup before it is needed."""

from pathlib import Path
from typing import Annotated

import typer

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.options import current_home
from flows.home.paths import Home
from flows.operations.backup import PARTS, check_backup

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry restore --check /mnt/backup/asymmetry`")
def restore(
    backup: Annotated[Path, typer.Argument(help="Folder of the backup, laid out as a home is.")],
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Open the backup, hash it, and look for all that kept builds need."
        ),
    ] = False,
) -> None:
    """Prove that a backup would give the published and the kept builds back.

    Nothing is copied or changed. Exit code 0 when the backup is good, 1 when something is missing
    or damaged.
    """
    if not check:
        console.fail(
            f"A backup comes back by copying its folders ({', '.join(PARTS)}) into the home:"
            f" docs/runbook.md has the command. To prove it first: asymmetry restore --check"
            f" {backup}",
            2,
        )
    if not backup.is_dir():
        console.fail(f"There is no folder {backup}. Nothing was looked at.", 2)
    raise SystemExit(print_check(backup, current_home()))


def print_check(backup: Path, home: Home) -> int:
    """Prints what a backup is worth.

    Returns:
        Exit code: 1 when something is missing or damaged.
    """
    found = check_backup(backup, home)
    for fault in found.faults:
        console.out.print(shown(fault), style="yellow", markup=False, soft_wrap=True)
    if found.younger:
        names = ", ".join(found.younger)
        text = f"Came after the backup, and no kept build needs them: {names}."
        console.out.print(text, markup=False, soft_wrap=True)
    counted = f"{found.n_snapshots} snapshots are what they were; {found.n_builds} builds"
    worth = "The backup is not enough" if found.faults else "The backup is good"
    text = f"{worth}: {counted} would come back whole."
    console.out.print(text, markup=False, soft_wrap=True)
    return int(bool(found.faults))
