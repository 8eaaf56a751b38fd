"""Options and answers that `country`, `alliance` and `leader` share."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from expectations.shown_text import inert
from flows.cli import console
from flows.cli.options import current_home
from flows.home.output_file import OutputError, output_target, write_output
from flows.operations.answers import Answers, NoAnswersError, Source, open_answers


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class Votes(StrEnum):
    """Classes of votes."""

    unpopular = "unpopular"
    popular = "popular"
    all = "all"
    important = "important"
    isolated = "isolated"
    hegemon_specific_loo = "hegemon_specific_loo"


FormatOption = Annotated[
    Format | None,
    typer.Option(help="table is a screen for people; of a file, what its ending says."),
]
OutputOption = Annotated[
    Path | None, typer.Option(help="Write to this file: .csv, .json, .parquet or .txt.")
]
VotesOption = Annotated[
    Votes,
    typer.Option(help="Which votes: unpopular are those that most others cast unlike the leader."),
]
FromOption = Annotated[
    Source | None,
    typer.Option(
        "--from",
        help="What answers: the bundle that is shipped, or the home's build, also a simulated one."
        " By default the home's, where it is of the publishers' files.",
    ),
]
ChartOption = Annotated[
    Path | None,
    typer.Option(help="Draw it into this file: .svg, .png or .html.", metavar="FILE"),
]
WIDEST = 100
"""Columns of a screen at the most."""
CHART_ENDINGS = (".svg", ".png", ".html")
"""Files that a chart can be drawn into."""
_OF_ENDING = {".csv": Format.csv, ".json": Format.json, ".parquet": Format.parquet}
_OF_ENDING[".txt"] = Format.table


@contextmanager
def answering(source: Source | None) -> Iterator[Answers]:
    """What answers; ends the program where nothing can.

    A simulated world is named before anything else, on standard error.
    """
    home = current_home()
    try:
        with open_answers(home, source) as answers:
            if answers.is_simulated:
                console.err.print(console.SIMULATED, style="bold yellow", markup=False)
            yield answers
    except NoAnswersError as error:
        console.fail(str(error), 1)
    except Exception as error:
        # the bundle is read without DuckDB, whose errors are known when it is loaded only
        from flows.home.builds import unreadable
        from warehouse.db import UNREADABLE, QueryError

        if isinstance(error, UNREADABLE):
            console.fail(unreadable(home.warehouse, error), 1)
        if isinstance(error, QueryError):
            console.fail(
                f"Your build at {home.warehouse} lacks what this is made of: build it anew with"
                " `asymmetry refresh`, or ask the bundle with `--from bundle`.",
                1,
            )
        raise


def chosen(output: Path | None, asked: Format | None) -> tuple[Format, Path | None]:
    """How an answer is written, and where to; ends the program where that cannot be."""
    if output is None:
        form = asked or Format.table
        if form is Format.parquet and sys.stdout.isatty():
            console.fail("Parquet is no text: name a file with --output.", 2)
        return form, None
    of_ending = _OF_ENDING.get(output.suffix.lower())
    if of_ending is None or (asked and asked is not of_ending):
        known = ", ".join(_OF_ENDING)
        console.fail(
            f"--output: {output.name} has to end like what it is written as: {known}"
            f"{f'; --format says {asked.value}' if asked else ''}. Nothing was written.",
            2,
        )
    try:
        return of_ending or Format.table, output_target(output, current_home())
    except OutputError as error:
        console.fail(f"--output: {error}", 2)
        raise


def write_answer(rows: pl.DataFrame, text: str, form: Format, target: Path | None) -> None:
    """Writes an answer.

    Args:
        rows: For programs.
        text: For people.
        form: Which of them, and how.
        target: File; None for standard output.
    """
    content = io.BytesIO()
    if form is Format.table:
        content.write(inert(text).encode() + b"\n")
    elif form is Format.csv:
        rows.write_csv(content)
    elif form is Format.json:
        rows.write_json(content)
        content.write(b"\n")
    else:
        rows.write_parquet(content)
    if target is None:
        console.print_bytes([content.getvalue()])
        return
    try:
        write_output(target, content.getvalue())
    except OutputError as error:
        console.fail(f"--output: {error}", 1)


def chart_target(chart: Path | None) -> Path | None:
    """Where a chart is written; ends the program where it cannot be, before anything is drawn."""
    if chart is None:
        return None
    if chart.suffix.lower() not in CHART_ENDINGS:
        known = ", ".join(CHART_ENDINGS)
        console.fail(
            f"--chart: {chart.name} ends like no chart that can be drawn: use one of {known}."
            " Nothing was written.",
            2,
        )
    try:
        return output_target(chart, current_home())
    except OutputError as error:
        console.fail(f"--chart: {error}", 2)
        raise


def write_chart(draw: Callable[[], dict[str, Any]], target: Path) -> None:
    """Draws a chart into a file; ends the program where there is nothing to draw."""
    from warehouse.report.profile_charts import NothingToDrawError, written  # 1 s

    try:
        write_output(target, written(draw(), target.suffix.lower()))
    except NothingToDrawError as error:
        console.fail(f"--chart: {error} Nothing was written.", 1)
    except OutputError as error:
        console.fail(f"--chart: {error}", 1)
    console.err.print(f"{target} was drawn.", style="dim", markup=False)
