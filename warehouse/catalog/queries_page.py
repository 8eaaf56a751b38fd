"""The page of the ready queries, made from their files: `make docs` writes it."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from warehouse.catalog.ready_queries import ReadyQuery, ready_queries


def queries_text(queries: Iterable[ReadyQuery]) -> str:
    """The ready queries as Markdown: a list of the questions, then each with caveat and SQL.

    Args:
        queries: In the order in which they are to stand.
    """
    known = list(queries)
    lines = [
        "# Ready queries",
        "",
        "Made from `warehouse/sql/queries/` by `make docs`; do not edit it here. Each is a",
        "question that scholars ask, with what can mislead in its answer. `asymmetry queries NAME`",
        "asks the published warehouse; to ask of another country, change the SQL:",
        "",
        "```sh",
        "asymmetry queries closest_partners",
        "asymmetry queries closest_partners --output partners.csv",
        "asymmetry queries closest_partners --sql > mine.sql",
        "asymmetry query - --output mine.csv < mine.sql",
        "```",
        "",
        "| question | query |",
        "|---|---|",
    ]
    lines += [f"| {q.question} | [{q.name}](#{q.name}) |" for q in known]
    for query in known:
        lines += ["", *_section(query)]
    return "\n".join(lines) + "\n"


def _section(query: ReadyQuery) -> list[str]:
    statement = [line for line in query.text.splitlines() if not line.startswith("--")]
    return [
        f"## {query.name}",
        "",
        f"**{query.question}** {query.gives}",
        "",
        f"*Caveat.* {query.caveat}",
        "",
        "```sql",
        *statement,
        "```",
    ]


def main() -> None:
    """Writes the page to the path that the command line names."""
    parser = argparse.ArgumentParser(description="Write the page of the ready queries.")
    parser.add_argument("path", type=Path, help="for example docs/generated/queries.md")
    path: Path = parser.parse_args().path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(queries_text(ready_queries().values()), "utf-8")
    print(f"{path}: {len(ready_queries())} queries")


if __name__ == "__main__":
    main()
