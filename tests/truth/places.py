"""Where the warehouse has a published value: kinds and their queries, from `places.yml`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.truth.rows import Row
from warehouse.db import Connection

_FORMS = {
    "number": r"-?\d+",
    "day": r"\d{4}-\d{2}-\d{2}",
    "word": r"[A-Za-z_]\w*",
    "symbol": r"A/RES/[\w/-]+",
}
"""What a part of a key may look like; nothing else gets into a query."""


@dataclass(frozen=True)
class Place:
    """A query that gives one value.

    Attributes:
        meaning: What the value is, with its unit.
        key: Names of the parts of the key and their forms (`number`, `day`, `word`, `symbol`),
            in order.
        sql: The query; `{name}` stands for a part of the key.
    """

    meaning: str
    key: dict[str, str]
    sql: str


@cache
def places() -> dict[str, Place]:
    """All kinds by name."""
    text = Path(__file__).with_name("places.yml").read_text("utf-8")
    return {kind: Place(**about) for kind, about in yaml.safe_load(text).items()}


def sql_of(row: Row) -> str:
    """The query of a row.

    Raises:
        ValueError: The kind is unknown, or the key has another form than it wants.
    """
    place = places().get(row.kind)
    if place is None:
        raise ValueError(f"{row.what}: there is no kind {row.kind!r} in tests/truth/places.yml")
    words = row.key.split()
    if len(words) != len(place.key):
        raise ValueError(f"{row.what}: the key {row.key!r} is not {' '.join(place.key)}")
    for word, (name, form) in zip(words, place.key.items(), strict=True):
        if not re.fullmatch(_FORMS[form], word):
            raise ValueError(f"{row.what}: {name} is a {form}, not {word!r}")
    return place.sql.format(**dict(zip(place.key, words, strict=True)))


def look_up(connection: Connection, row: Row) -> str:
    """What the warehouse says of a row, as text; empty where it says nothing.

    Raises:
        ValueError: The key finds more than one value.
    """
    found = connection.execute(sql_of(row)).fetchall()
    if len(found) > 1:
        raise ValueError(f"{row.what}: {len(found)} rows are found, not one")
    return _as_text(found[0][0]) if found else ""


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # seven digits are more than any document prints, and the same on every machine
    return f"{value:.7g}" if isinstance(value, float) else str(value)
