"""Ready queries: each file of `sql/queries/` is a scholar's question, with its caveat, and the SQL.

The comment at the head of a file has four parts, `Question`, `Gives`, `Caveat` and `Tables`; a line
that begins with more space goes on with the part above it.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

PARTS = ("Question", "Gives", "Caveat", "Tables")
_PART = re.compile(rf"^-- ({'|'.join(PARTS)}): (.+(?:\n--   .+)*)$", re.MULTILINE)


class ReadyQueryError(ValueError):
    """There is no query of that name, or a file lacks a part of its heading."""


@dataclass(frozen=True)
class ReadyQuery:
    """A question that the warehouse answers, and how.

    Attributes:
        name: Name of its file, without the ending.
        question: What is asked.
        gives: What the rows are.
        caveat: What can mislead a reader of the answer.
        tables: Tables and views that it reads, views without their schema.
        text: The file: the heading as a comment, then one statement.
    """

    name: str
    question: str
    gives: str
    caveat: str
    tables: tuple[str, ...]
    text: str


@cache
def ready_queries() -> dict[str, ReadyQuery]:
    """Name to query, in alphabetical order.

    Raises:
        ReadyQueryError: A file lacks a part of its heading.
    """
    folder = files("warehouse") / "sql" / "queries"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    texts = {file.name.removesuffix(".sql"): file.read_text("utf-8") for file in found}
    return {name: read_query(name, text) for name, text in texts.items()}


def read_query(name: str, text: str) -> ReadyQuery:
    """A query from the text of its file.

    Raises:
        ReadyQueryError: The heading lacks a part, or has them in another order.
    """
    found = _PART.findall(text)
    parts = {part: " ".join(value.replace("\n--", " ").split()) for part, value in found}
    if tuple(parts) != PARTS:
        raise ReadyQueryError(f"{name}.sql: its heading has {list(parts)}, not {list(PARTS)}")
    tables = tuple(parts["Tables"].rstrip(".").split(", "))
    return ReadyQuery(name, parts["Question"], parts["Gives"], parts["Caveat"], tables, text)


def ready_query(name: str) -> ReadyQuery:
    """The query of a name.

    Raises:
        ReadyQueryError: There is none; the message has the nearest names.
    """
    known = ready_queries()
    if name not in known:
        near = ", ".join(get_close_matches(name, known, n=3, cutoff=0.3)) or "none is near"
        raise ReadyQueryError(f"There is no ready query {name}. Near: {near}.")
    return known[name]
