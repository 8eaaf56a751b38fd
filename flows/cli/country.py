"""`asymmetry country`: how a state votes with each leader, and whose ally it is."""

from typing import Annotated

import typer

from flows.cli import console
from flows.cli.profile_options import (
    FormatOption,
    FromOption,
    OutputOption,
    Votes,
    VotesOption,
    answering,
    chosen,
    write_answer,
)
from flows.reports.state_named import NoSuchStateError, state_names
from flows.reports.state_profile import profile_of, rows_of
from flows.reports.state_screen import screen_of

_WIDEST = 100

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
    source: FromOption = None,
) -> None:
    """Show how a state votes with each leader, whose ally it is, and what has changed.

    Needs no build: real figures are shipped with the package. For programs, the rows of `--format
    csv`, `json` and `parquet` are of each leader, session and period.
    """
    form, target = chosen(output, format)
    with answering(source) as answers:
        try:
            state = state_names(answers.frame("states")).find(name)
        except NoSuchStateError as error:
            console.fail(str(error), 2)
            return
        profile = profile_of(state, votes.value, answers.frame)
        width = min(console.out.width, _WIDEST)
        lines = [*screen_of(profile, width), answers.origin]
        write_answer(rows_of(profile, answers.origin), "\n".join(lines), form, target)
