"""`asymmetry country`: how a state votes with each leader, and whose ally it is."""

from typing import Annotated, Any

import polars as pl
import typer

from flows.cli import console
from flows.cli.profile_options import (
    WIDEST,
    ChartOption,
    Format,
    FormatOption,
    FromOption,
    OutputOption,
    Votes,
    VotesOption,
    answering,
    chart_target,
    chosen,
    write_answer,
    write_chart,
)
from flows.reports.profile_words import with_article
from flows.reports.state_named import NoSuchStateError, state_names
from flows.reports.state_profile import DRAWN, profile_of, rows_of
from flows.reports.state_screen import screen_of
from flows.reports.terminal_chart import terminal_chart

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry country Poland`")
def country(
    name: Annotated[
        str,
        typer.Argument(
            help="A name in any language, an ISO or COW code: Poland, POL, 290, Польша."
        ),
    ],
    *,
    votes: VotesOption = Votes.unpopular,
    format: FormatOption = None,
    output: OutputOption = None,
    chart: ChartOption = None,
    source: FromOption = None,
) -> None:
    """Show how a state votes with each leader, whose ally it is, and what has changed.

    Needs no build: real figures are shipped with the package. For programs, the rows of `--format
    csv`, `json` and `parquet` are of each leader, session and period.
    """
    form, target = chosen(output, format)
    picture = chart_target(chart)
    with answering(source) as answers:
        try:
            state = state_names(answers.frame("states")).find(name)
        except NoSuchStateError as error:
            console.fail(str(error), 2)
            return
        profile = profile_of(state, votes.value, answers.frame)
        width = min(console.out.width, WIDEST)
        series = {
            with_article(profile.leaders[code]): profile.sessions.filter(pl.col("leader") == code)
            for code in DRAWN
            if code in profile.leaders
        }
        drawn = ""
        if form is Format.table:
            is_seen = console.out.is_terminal and target is None
            drawn = terminal_chart(series, width, colours=is_seen)
        lines = [*screen_of(profile, width), *drawn.splitlines(), answers.origin]
        write_answer(rows_of(profile, answers.origin), "\n".join(lines), form, target)
        if picture:

            def draw() -> dict[str, Any]:
                from flows.reports.state_chart import chart_of

                return chart_of(profile, answers.frame, answers.origin, answers.is_simulated)

            write_chart(draw, picture)
