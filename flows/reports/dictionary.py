"""The data dictionary for people: a page for each table and view, and a list of them.

`make docs` writes it to docs/generated/dictionary: from the contracts, the steps, what the sources
declare and the ready queries, so it depends on no build and no date. The warehouse holds the
columns, too: `meta.dictionary`, and the comments of tables and columns.
"""

import argparse
from pathlib import Path

from flows.reports.dictionary_page import SOURCES, table_page, view_page
from warehouse.catalog.view_columns import describe_views
from warehouse.contracts.model import SCHEMAS
from warehouse.contracts.read import contracts

INDEX = "README.md"

_SCHEMA_TITLES = {
    "staging": "one source each, renamed and typed, nothing joined",
    "core": "states, votes, alliances and yearly figures under one set of codes",
    "marts": "what is joined most, side by side",
    "metrics": "the measures",
    "meta": "where the build came from, and what its gates found",
}
_HEAD = f"""# Data dictionary

Every table and view has a page: what a row is, its key, its sources and what they cover, the step
that makes it and what reads it, each column with unit, codes and the rule of its NULLs, and a query
to begin with. Made from the contracts by `make docs`; do not edit it here. The warehouse holds the
same in `meta.dictionary`; `asymmetry tables TABLE` prints it. Where its sources come from:
[{Path(SOURCES).name}]({SOURCES}).
"""


def dictionary_pages() -> dict[str, str]:
    """Name of each page of the folder to its Markdown, the list of all first."""
    views = describe_views()
    pages = {INDEX: ""}
    lines = [_HEAD, "## Views, for people", "", "| view | what it shows |", "|---|---|"]
    for view in views:
        pages[f"{view.name}.md"] = view_page(view)
        lines.append(f"| [{view.name}]({view.name}.md) | {view.comment} |")
    for schema in ("metrics", "marts", "core", "staging", "meta"):
        lines += [
            "",
            f"## {schema}: {_SCHEMA_TITLES[schema]}",
            "",
            "| table | grain |",
            "|---|---|",
        ]
        for contract in contracts().values():
            if contract.schema_name == schema:
                pages[f"{contract.table}.md"] = table_page(contract)
                lines.append(f"| [{contract.table}]({contract.table}.md) | {contract.grain} |")
    assert set(_SCHEMA_TITLES) == set(SCHEMAS)
    pages[INDEX] = "\n".join(lines) + "\n"
    return pages


def write_dictionary(folder: Path) -> int:
    """Writes every page, and removes those of tables that are no more.

    Args:
        folder: Where the pages lie.

    Returns:
        Number of pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = dictionary_pages()
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8")
    for page in folder.glob("*.md"):
        if page.name not in pages:
            page.unlink()
    return len(pages)


def main() -> None:
    """Writes the dictionary to the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Write the data dictionary as Markdown.")
    parser.add_argument("folder", type=Path, help="for example docs/generated/dictionary")
    folder: Path = parser.parse_args().folder
    print(f"{folder}: {write_dictionary(folder)} pages")


if __name__ == "__main__":
    main()
