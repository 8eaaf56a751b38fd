"""docs/truth.md: published values beside what the warehouse says.

    python -m tests.truth.page WAREHOUSE docs/truth.md [--update]

`--update` writes what is found into the CSV files, too. Reasons for differences are written by
hand: a new difference needs one, and a reason whose difference is gone has to go.
"""

import argparse
from collections import Counter
from pathlib import Path

from tests.truth.places import look_up, places
from tests.truth.rows import Row, agrees, all_rows, files, read_rows, write_rows
from warehouse.db import Connection, read_published

_HEAD = """# Published values

What documents of others say, and what the warehouse says of the same thing. Each value was read in
the document that is named, none in a file that the pipeline reads. They stand in
`tests/truth/*.csv`, with notes and where a value was read a second time. The page is made from the
build of the real files (`python -m tests.truth.page WAREHOUSE docs/truth.md`); do not edit it here.

A difference is no proof of a fault here: documents of the day, other editions of the data and other
definitions differ from each other, too. But none is without its reason.
"""


def with_findings(connection: Connection, rows: list[Row]) -> list[Row]:
    """The rows, each with what the warehouse says now."""
    return [row.with_found(look_up(connection, row)) for row in rows]


def differs(row: Row) -> bool:
    """Whether what was found is not what was published."""
    return not agrees(row.value, row.found, row.tolerance)


def page_of(rows: list[Row]) -> str:
    """The page.

    Args:
        rows: All rows, with what was found.

    Returns:
        Markdown: counts, publications, differences with their reasons, all values, and the queries.
    """
    parts = [
        _HEAD,
        _counts(rows),
        _publications(rows),
        _differences(rows),
        _values(rows),
        _queries(),
    ]
    return "\n".join(parts)


def _counts(rows: list[Row]) -> str:
    missed = sum(map(differs, rows))
    twice = sum(bool(row.read_twice) for row in rows)
    publications = len({row.publication for row in rows})
    return (
        f"{len(rows)} values of {publications} publications; {len(rows) - missed} agree,"
        f" {missed} do not. {twice} were read a second time.\n"
    )


def _publications(rows: list[Row]) -> str:
    values = Counter(row.publication for row in rows)
    missed = Counter(row.publication for row in rows if differs(row))
    first = {row.publication: row for row in reversed(rows)}
    lines = ["## Publications\n", "| publication | values | agree | differ |", "|---|---|---|---|"]
    for name in sorted(values, key=str.casefold):
        link = f"[{_cell(first[name].document)}]({_address(first[name].address)})"
        lines.append(
            f"| {link} | {values[name]} | {values[name] - missed[name]} | {missed[name]} |"
        )
    return "\n".join(lines) + "\n"


def _differences(rows: list[Row]) -> str:
    lines = [
        "## What differs, and why\n",
        "| publication | what | published | found | why |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        if differs(row):
            cells = [row.publication, row.what, row.value, row.found or "nothing", row.why]
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _values(rows: list[Row]) -> str:
    lines = ["## All values\n"]
    for name in sorted({row.publication for row in rows}, key=str.casefold):
        lines += [
            f"### {name}\n",
            "| what | page | published | ± | found | where |",
            "|---|---|---|---|---|---|",
        ]
        for row in rows:
            if row.publication == name:
                found = f"**{row.found or 'nothing'}**" if differs(row) else row.found
                cells = [row.what, row.page, row.value, row.tolerance, found]
                lines.append(f"| {' | '.join(map(_cell, cells))} | `{row.kind} {row.key}` |")
        lines.append("")
    return "\n".join(lines)


def _queries() -> str:
    lines = ["## Where it is looked up\n", "| where | what | query |", "|---|---|---|"]
    for kind, place in places().items():
        words = " ".join([kind, *place.key])
        lines.append(f"| `{words}` | {_cell(place.meaning)} | `{place.sql}` |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def _address(text: str) -> str:
    """An address that a link of Markdown can have."""
    return text.replace("(", "%28").replace(")", "%29")


def main() -> None:
    """Writes the page, and with `--update` the findings of the CSV files."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.truth.page")
    parser.add_argument("warehouse", type=Path, help="a published warehouse of the real files")
    parser.add_argument("page", type=Path, help="the page to write")
    parser.add_argument("--update", action="store_true", help="write findings into the CSV files")
    given = parser.parse_args()
    with read_published(given.warehouse) as connection:
        if given.update:
            for path in files():
                write_rows(path, with_findings(connection, read_rows(path)))
        rows = with_findings(connection, all_rows())
    given.page.write_text(page_of(rows), encoding="utf-8")
    for row in rows:
        if differs(row) and not row.why:
            print(f"has no reason: {row.publication}, {row.what}: {row.value}, found {row.found}")
        if row.why and not differs(row):
            print(f"needs no reason any more: {row.publication}, {row.what}")


if __name__ == "__main__":
    main()
