"""`asymmetry alliance`: the members of a leader's alliance, how unequal it is, how they vote."""

from typing import Annotated, Any

import typer

from flows.cli import console
from flows.cli.profile_options import (
    WIDEST,
    ChartOption,
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
from flows.reports.alliance_screen import (
    NoSuchAllianceError,
    alliance_rows,
    alliance_screen,
    treaty_named,
)
from flows.reports.state_named import plain

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry alliance NATO`")
def alliance(
    name: Annotated[
        str, typer.Argument(help="NATO, Warsaw Pact, Rio treaty, japan_1960, or an ATOP number.")
    ],
    *,
    votes: VotesOption = Votes.unpopular,
    format: FormatOption = None,
    output: OutputOption = None,
    chart: ChartOption = None,
    source: FromOption = None,
) -> None:
    """Show the members of a leader's alliance, how unequal it is, and how they vote with it.

    Needs no build: real figures are shipped with the package. For programs, the rows of `--format
    csv`, `json` and `parquet` are of each member and session.
    """
    form, target = chosen(output, format)
    picture = chart_target(chart)
    with answering(source) as answers:
        try:
            treaty = treaty_named(name, answers.frame("treaties"), plain)
        except NoSuchAllianceError as error:
            console.fail(str(error), 2)
            return
        width = min(console.out.width, WIDEST)
        screen = alliance_screen(treaty, votes.value, answers.frame, width)
        rows = alliance_rows(treaty, votes.value, answers.frame, answers.origin)
        write_answer(rows, "\n".join([*screen, answers.origin]), form, target)
        if picture:

            def draw() -> dict[str, Any]:
                from flows.reports.state_chart import alliance_chart

                return alliance_chart(
                    treaty, votes.value, answers.frame, answers.origin, answers.is_simulated
                )

            write_chart(draw, picture)
