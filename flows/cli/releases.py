"""`asymmetry releases`: what new releases have lost or changed, and accepting one."""

from dataclasses import asdict
from typing import Annotated

import typer

from expectations.releases.findings import example_words, gravest_first, shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.errors import exit_with_message
from flows.cli.options import Form, FormOption, current_home
from flows.engine.release_message import in_short
from flows.home.guards import need_writable
from flows.home.paths import Home
from flows.home.release_records import Comparison
from flows.operations.releases import accept_release, known_comparisons
from flows.sources import load_declarations

_ACCEPT = "accept"

app = typer.Typer(rich_markup_mode="markdown")


@app.command(
    epilog="Examples: `asymmetry releases gdp` · `asymmetry releases accept gdp gdp.0123456789ab"
    ' --because "the World Bank has withdrawn these years"`'
)
def releases(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="Nothing: every release that was compared here. A source: what its last one has"
            " lost or changed. `accept`, a source and a snapshot: that this is right.",
            metavar="[SOURCE | accept SOURCE VERSION]",
        ),
    ] = None,
    because: Annotated[
        str | None, typer.Option(help="Why a release is accepted.", metavar="TEXT")
    ] = None,
    form: FormOption = Form.table,
) -> None:
    """Say what new releases of the sources have lost or changed, or accept one.

    A release that has lost or changed more than its bounds allow is not published before somebody
    accepts it. An acceptance counts for exactly these bytes, in place of exactly those that are
    published, and is written into the build with its reason.
    """
    asked = words or []
    is_acceptance = asked[:1] == [_ACCEPT]
    if is_acceptance != (because is not None) or len(asked) != (3 if is_acceptance else len(asked)):
        console.fail("To accept: asymmetry releases accept SOURCE VERSION --because TEXT.", 2)
    if not is_acceptance and (len(asked) > 1 or not set(asked) <= set(load_declarations())):
        known = ", ".join(load_declarations())
        console.fail(f"Name one source ({known}), or none.", 2)

    with exit_with_message():
        if is_acceptance:
            need_writable(current_home().path)
            print_acceptance(current_home(), asked[1], asked[2], str(because))
        else:
            print_releases(current_home(), asked[0] if asked else None, form.value)


def print_acceptance(home: Home, slug: str, version: str, because: str) -> None:
    """Accepts a release, and says what that means.

    Raises:
        ReleaseNameError: It cannot be accepted.
    """
    accepted = accept_release(slug, version, because, home)
    release = accepted.release
    lines = [
        f"Accepted: {release.snapshot_id} in place of {release.previous_snapshot_id}.",
        *(f"  {finding.severity}: {finding.words()}" for finding in accepted.notable()),
        "It counts for exactly these bytes. The next refresh goes on with them.",
    ]
    for line in lines:
        console.out.print(shown(line), markup=False, soft_wrap=True)


def print_releases(home: Home, slug: str | None, form: str) -> None:
    """Prints the releases that were compared, the newest first.

    Args:
        home: The home.
        slug: Source whose last comparison is shown in full; None for a line for each.
        form: `table` or `json`.
    """
    known = [c for c in known_comparisons(home) if slug in {None, c.release.slug}][::-1]
    if form == "json":
        states = [{**asdict(c), "state": _state(c), "severity": c.severity} for c in known]
        print_json(states)
        return
    if not known:
        what = f"of {slug}" if slug else "of any source"
        console.out.print(f"No earlier release {what} to compare with yet.", soft_wrap=True)
        return
    rows = [
        [
            c.release.slug,
            c.release.snapshot_id.partition(".")[2],
            c.release.previous_snapshot_id.partition(".")[2],
            c.compared_at[:10],
            _state(c),
            shown(in_short(c)),
        ]
        for c in known
    ]
    columns = ["source", "release", "against", "compared", "state", "gravest finding"]
    console.print_rows(columns, rows, wrap=["gravest finding"])
    if slug:
        _print_findings(known[0])


def _state(comparison: Comparison) -> str:
    if comparison.acceptance is not None:
        return "accepted"
    if comparison.is_held:
        return "held"
    return "look at it" if comparison.wants_attention else "ok"


def _print_findings(comparison: Comparison) -> None:
    console.out.print()
    accepted = comparison.acceptance
    if accepted:
        by = f" by {accepted.by}" if accepted.by else ""
        line = f"Accepted{by}: {accepted.because}"
        console.out.print(shown(line), markup=False, soft_wrap=True)
    for finding in gravest_first(comparison.findings):
        line = f"{finding.severity:<8} {finding.words()}"
        console.out.print(shown(line), markup=False, soft_wrap=True)
        if finding.severity == "info":
            continue
        for example in finding.examples:
            text = f"           {example_words(example)}"
            console.out.print(text, markup=False, soft_wrap=True)
