"""`asymmetry history`: the last runs."""

from dataclasses import asdict
from typing import Annotated

import typer

from expectations.shown_text import shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.options import Form, FormOption, current_home
from flows.home.paths import Home
from flows.home.run_history import read_records, what_changed
from flows.home.step_parts import in_words

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry history -n 20`")
def history(
    n: Annotated[int, typer.Option("-n", help="Newest runs to show; 0 shows all.", min=0)] = 10,
    form: FormOption = Form.table,
) -> None:
    """List the last runs: result, seconds, build, and what was new."""
    print_history(current_home(), n, form.value)


def print_history(home: Home, n: int, form: str) -> None:
    """Prints the last runs, newest first.

    Args:
        home: The home.
        n: How many; 0 for all.
        form: `table` or `json`.
    """
    records = read_records(home)
    runs = records.runs
    for line in records.lines_of_damaged():  # apart from the answer, which programs read
        console.err.print(shown(line), style="yellow", markup=False)
    listed = [(run, what_changed(run, runs[:i])) for i, run in enumerate(runs)][::-1]
    listed = listed[:n] if n else listed
    if form == "json":
        print_json([{**asdict(run), "what": what} for run, what in listed])
        return
    if not listed:
        console.out.print(f"No runs yet in {home.path}.", markup=False, soft_wrap=True)
        return
    columns = ["started, UTC", "result", "profile", "s", "build", "what"]
    rows = [
        [
            run.started_at[:19].replace("T", " "),
            run.result,
            run.profile,
            run.seconds,
            run.build_id[:12] if run.build_id else None,
            what,
        ]
        for run, what in listed
    ]
    console.print_rows(columns, rows, wrap=["what"])
    if parts := next((run.parts for run, _ in listed if run.parts), None):
        console.hint(f"(steps of the newest run that computed: {in_words(parts)})")
    if len(listed) < len(runs):
        console.hint(f"({len(listed)} of {len(runs)} runs; -n 0 prints all)")
