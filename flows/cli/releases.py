"""`asymmetry releases`: what publishers have released, what it has changed, and accepting it."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from expectations.releases.findings import example_words, gravest_first
from expectations.shown_text import inert, shown
from flows.cli import console
from flows.cli.console import print_json
from flows.cli.flow_by_hand import flow_by_hand
from flows.cli.options import (
    Form,
    FormOption,
    MirrorOption,
    Profile,
    VerboseOption,
    check_mirror,
    current_home,
)
from flows.engine.release_message import in_short
from flows.fetch import route
from flows.home.guards import need_writable
from flows.home.paths import Home
from flows.home.release_records import Comparison
from flows.home.writer_lock import refuse_second_writer
from flows.operations.release_overview import SourceOverview, accept_command, overview
from flows.operations.releases import accept_candidate, accept_release, known_comparisons
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
            help="Nothing: every source. A source: also what its last release has lost or changed."
            " `accept`, a source and a version or snapshot: that this is right.",
            metavar="[SOURCE | accept SOURCE VERSION]",
        ),
    ] = None,
    because: Annotated[
        str | None, typer.Option(help="Why a release is accepted.", metavar="TEXT")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="First ask the publishers, and try what is newer.")
    ] = False,
    profile: Annotated[
        Profile, typer.Option(help="With --check: live asks the publishers, mirror a stand-in.")
    ] = Profile.live,
    mirror: MirrorOption = None,
    *,
    form: FormOption = Form.table,
    verbose: VerboseOption = False,
) -> None:
    """Say what the publishers have released and what it has lost or changed, or accept a release.

    With --check each publisher is asked for newer releases; one that was not tried yet is
    fetched, gated, compared and built aside, and then followed, held or refused.

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

    if check:
        check_mirror(profile, mirror)
        if is_acceptance or profile is Profile.sample:
            console.fail("--check asks the publishers (--profile live) or a stand-in (mirror).", 2)
    if is_acceptance:
        need_writable(current_home().path)
        print_acceptance(current_home(), asked[1], asked[2], str(because))
        return
    if check:
        ask_publishers(current_home(), profile.value, mirror, asked, verbose=verbose)
    print_releases(current_home(), asked[0] if asked else None, form.value)


def ask_publishers(
    home: Home,
    profile: route.Profile,
    mirror: str | None,
    sources: list[str],
    *,
    verbose: bool = False,
) -> None:
    """Runs the flow that asks for newer releases and tries them."""
    need_writable(home.path)
    refuse_second_writer(home.path)
    with flow_by_hand(home, verbose=verbose) as flow:
        from flows.check_releases import check_releases

        with flow.running():
            check_releases(profile=profile, mirror=mirror, sources=sources or None)


def print_acceptance(home: Home, slug: str, version: str, because: str) -> None:
    """Accepts a release, and says what that means.

    Raises:
        ReleaseNameError: It cannot be accepted.
    """
    if known := accept_candidate(slug, version, because, home):
        declared = load_declarations()[slug]
        followed, url = declared.version, declared.url
        if known.adopted:
            followed, url = known.adopted.release.version, known.adopted.release.url
        lines = [
            f"Accepted: {slug} follows {followed} from now on.",
            f"  {url}",
            "The next refresh publishes it.",
        ]
        for line in lines:
            console.out.print(shown(line), markup=False, soft_wrap=True)
        return
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
    """Prints what is known of each source's releases, and those that were compared.

    Args:
        home: The home.
        slug: Source whose last comparison is shown in full, with those that want attention; None
            for a line for each.
        form: `table` or `json`.
    """
    sources = overview(home, slug)
    known = [c for c in known_comparisons(home) if slug in {None, c.release.slug}][::-1]
    if form == "json":
        compared = [{**asdict(c), "state": _state(c), "severity": c.severity} for c in known]
        print_json(
            [
                {**asdict(o), "comparisons": [c for c in compared if _is_of(c, o.slug)]}
                for o in sources
            ]
        )
        return
    _print_overview(sources)
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
    for comparison in known if slug else []:
        if comparison is known[0] or comparison.wants_attention:
            _print_findings(comparison)


def _is_of(comparison: dict[str, Any], slug: str) -> bool:
    return bool(comparison["release"]["slug"] == slug)


def _print_overview(sources: list[SourceOverview]) -> None:
    rows = [
        [
            one.slug,
            one.adopted or one.declared,
            one.newest,
            one.released_on,
            one.state,
            inert(one.reason) if len(sources) == 1 else shown(one.reason.partition("\n")[0]),
        ]
        for one in sources
    ]
    columns = ["source", "fetched", "newest", "released", "state", "why"]
    console.print_rows(columns, rows, wrap=["why"])
    for one in sources:
        if one.state == "held":
            console.out.print(
                f"If {one.slug} {one.newest} is right: {accept_command(one)}",
                markup=False,
                soft_wrap=True,
            )
    console.out.print()


def _state(comparison: Comparison) -> str:
    if comparison.acceptance is not None:
        return "accepted"
    if comparison.is_held:
        return "held"
    return "look at it" if comparison.wants_attention else "ok"


def _print_findings(comparison: Comparison) -> None:
    release, accepted = comparison.release, comparison.acceptance
    console.out.print()
    console.out.print(f"{release.snapshot_id} in place of {release.previous_snapshot_id}")
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
