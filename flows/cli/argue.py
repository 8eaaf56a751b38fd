"""`asymmetry argue`: a claim's estimate with other choices, beside the published one."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened
from flows.home.arguments import Argument, keep_argument, kept_arguments
from flows.home.output_file import OutputError, output_target, write_output
from flows.home.paths import Home
from flows.operations import argue as arguing
from flows.reports.argument_list import arguments_page
from flows.reports.argument_page import (
    PICTURE,
    argument_page,
    changes_in_words,
    comparison,
    sentences_of,
)
from flows.reports.verdicts import interval
from transforms.arguing.choices import ARGUABLE
from transforms.arguing.errors import ArgumentError
from warehouse.catalog.builds import read_build

_ENDINGS = (".md", ".markdown")

app = typer.Typer(rich_markup_mode="markdown")


class Format(StrEnum):
    """How `argue` writes."""

    table = "table"
    json = "json"


@app.command(
    epilog="Example: `asymmetry argue C2a --set tier=treaty --set years=1991-2010`."
    f" Claims: {', '.join(ARGUABLE)}."
)
def argue(
    claim: Annotated[
        str | None, typer.Argument(help="A claim; --choices lists its choices.")
    ] = None,
    *,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="One choice: tier=treaty. Again for more.", metavar="KEY=VALUE"),
    ] = None,
    claims_file: Annotated[
        Path | None,
        typer.Option(
            "--claims",
            help="A file of claims of your own, in the form of claims.yml, instead of --set.",
        ),
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write it as a page, too (.md), with a chart.")
    ] = None,
    list_kept: Annotated[
        bool, typer.Option("--list", help="List what was argued in this home, of one claim or all.")
    ] = False,
    choices: Annotated[
        bool, typer.Option("--choices", help="List the claim's choices and their known values.")
    ] = False,
    format: Annotated[Format, typer.Option(help="table is for people.")] = Format.table,
) -> None:
    """Estimate a claim with choices of your own; nothing published changes."""
    home = current_home()
    try:
        target = _target(page, home) if page else None
        if list_kept:
            print_kept(home, claim, target, format)
            return
        if claims_file:
            if claim or changes or page or choices:
                raise ArgumentError("--claims is used alone, or with --format.")
            print_own_claims(home, claims_file, format)
            return
        if claim is None:
            raise ArgumentError(f"Name a claim: {', '.join(ARGUABLE)}; or --list.")
        if choices:
            console.print_rows(["choice", "known"], list(arguing.choices_of(claim).items()))
            return
        make_argument(home, claim, _pairs(changes or []), target, format)
    except ArgumentError as error:
        console.fail(str(error), 2)
    except OutputError as error:
        console.fail(f"--page: {error}", 2)


def _pairs(changes: list[str]) -> dict[str, str]:
    """Choices by name.

    Raises:
        ArgumentError: One is not KEY=VALUE, or is made twice.
    """
    found: dict[str, str] = {}
    for text in changes:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (equals and key and value):
            raise ArgumentError(f"--set {text}: write it as KEY=VALUE, as in --set tier=treaty.")
        if key in found:
            raise ArgumentError(f"--set {key}: it is there twice ({found[key]} and {value}).")
        found[key] = value
    return found


def _target(page: Path, home: Home) -> Path:
    target = output_target(page, home)
    folder = target.with_suffix("")
    if target.suffix.lower() not in _ENDINGS or (folder.exists() and not folder.is_dir()):
        raise OutputError(
            f"The page is Markdown, and its chart goes into a folder {folder.name} next to it: name"
            " it like argument.md. Nothing was written."
        )
    output_target(folder / PICTURE if folder.exists() else folder, home)
    return target


def make_argument(
    home: Home, claim: str, changes: dict[str, str], page: Path | None, form: Format
) -> None:
    """Computes, keeps and prints one argument.

    Args:
        home: The home with the published build.
        claim: The claim.
        changes: Choices by name.
        page: Where a page goes (`output_target`).
        form: How it is printed.

    Raises:
        ArgumentError: A choice or a value is not known, or makes no sense.
    """
    with opened(home.warehouse) as connection:
        argument = arguing.argue(claim, changes, home=home.path, keep=False)
        text, svg = argument_page(connection, argument, page.stem) if page else ("", None)
    is_kept = keep_argument(argument, home)
    if page:
        _write_page(page, text, svg)
    if form is Format.json:
        console.print_json(asdict(argument))
        return
    _print(argument)
    if is_kept:
        n = arguing.earlier_arguments(argument, home)
        others = f"Other arguments about {argument.claim} on this build: {n}"
        console.out.print(f"Kept as {argument.name}. {others}.")
    else:
        console.out.print(f"Not kept: {home.arguments} cannot be written.")


def _write_page(page: Path, text: str, svg: str | None) -> None:
    if svg:
        page.with_suffix("").mkdir(exist_ok=True)
        write_output(page.with_suffix("") / PICTURE, svg.encode())
    write_output(page, text.encode())


def _print(argument: Argument) -> None:
    out = console.out
    out.print(f"{argument.claim}  {argument.statement}", style="bold", markup=False)
    out.print(f"Changed: {changes_in_words(argument)}.", markup=False)
    console.print_rows(["", "published primary", "argument"], comparison(argument))
    for sentence in sentences_of(argument):
        out.print(sentence, markup=False)


def print_own_claims(home: Home, path: Path, form: Format) -> None:
    """Prints the verdicts on a file of claims.

    Args:
        home: The home with the published build.
        path: The file.
        form: table or json: rows as of `metrics.claim_test`.

    Raises:
        ArgumentError: The file names what the build does not have.
    """
    from flows.operations.own_claims import judge_own_claims

    with opened(home.warehouse) as connection:
        found = judge_own_claims(connection, path)
    if form is Format.json:
        console.print_json(found.tests.to_dicts())
        return
    for row in found.verdicts.iter_rows(named=True):
        console.out.print(f"{row['claim']}  {row['statement']}", style="bold", markup=False)
        console.out.print(row["one_line"], markup=False)
    for note in found.notes:
        console.out.print(f"Note: {note}", markup=False)
    console.out.print(
        "Claims of your own, judged by the edition's rule from published estimates; Holm's"
        " correction runs over this file alone. Nothing published changes.",
        markup=False,
    )


def print_kept(home: Home, claim: str | None, page: Path | None, form: Format) -> None:
    """Prints the arguments that are kept in a home.

    Args:
        home: The home.
        claim: Of one claim; None: of all.
        page: Where a page with a chart of them goes (`output_target`).
        form: table or json.
    """
    kept, damaged = kept_arguments(home)
    kept = [one for one in kept if claim is None or one.claim.lower() == claim.lower()]
    if page:
        _write_page(page, *arguments_page(kept, page.stem))
    if form is Format.json:
        console.print_json([asdict(one) for one in kept])
    else:
        build = read_build(home.warehouse)
        rows = [_row(one, build.build_id if build else "") for one in kept]
        heads = ["argument", "claim", "changed", "estimate [95 %]", "published", "build", "made"]
        console.print_rows(heads, rows)
    for name in damaged:
        console.err.print(f"{home.arguments / name} was changed or is damaged, and is not listed.")


def _row(one: Argument, build_id: str) -> tuple[str, ...]:
    own, published = one.answer, one.published
    figures = interval(own["estimate"], own["ci_low"], own["ci_high"])
    return (
        one.name,
        one.claim,
        changes_in_words(one),
        figures or f"cannot say: {own['cannot_say']}",
        interval(published["estimate"], published["ci_low"], published["ci_high"]),
        "published" if one.build_id == build_id else f"another ({one.build_id[:8]})",
        one.made_at,
    )
