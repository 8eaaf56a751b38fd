"""`asymmetry leader`: who sides with a leader, and what became of the claims about it."""

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
from flows.reports.leader_screen import leader_rows, leader_screen
from flows.reports.state_named import NoSuchStateError, state_names

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry leader Russia`")
def leader(
    name: Annotated[
        str, typer.Argument(help="United States, Russia (USSR), China, France or United Kingdom.")
    ],
    *,
    votes: VotesOption = Votes.unpopular,
    format: FormatOption = None,
    output: OutputOption = None,
    chart: ChartOption = None,
    source: FromOption = None,
) -> None:
    """Show who sides with a leader, whose agreement has changed, and the verdicts on the claims.

    Needs no build: real figures are shipped with the package. For programs, the rows of `--format
    csv`, `json` and `parquet` are of each state and period.
    """
    form, target = chosen(output, format)
    picture = chart_target(chart)
    with answering(source) as answers:
        leaders = {r["leader"]: r["name"] for r in answers.frame("leaders").iter_rows(named=True)}
        try:
            code = state_names(answers.frame("states")).find(name).ccode
        except NoSuchStateError as error:
            console.fail(str(error), 2)
            return
        if code not in leaders:
            known = ", ".join(f"{known_name} ({ccode})" for ccode, known_name in leaders.items())
            console.fail(
                f"{name} is none of the leaders whose support is measured: {known}."
                f" `asymmetry country {code}` shows how it votes with them.",
                2,
            )
        width = min(console.out.width, WIDEST)
        screen = leader_screen(code, leaders[code], votes.value, answers.frame, width)
        rows = leader_rows(code, votes.value, answers.frame, answers.origin)
        write_answer(rows, "\n".join([*screen, answers.origin]), form, target)
        if picture:

            def draw() -> dict[str, Any]:
                from flows.reports.state_chart import leader_chart

                return leader_chart(
                    code, votes.value, answers.frame, answers.origin, answers.is_simulated
                )

            write_chart(draw, picture)
