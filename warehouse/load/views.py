"""What the columns of the views mean: from the contracts, and from `sql/views/columns.yml`."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from warehouse.contracts.read import contracts
from warehouse.db import Connection
from warehouse.load.tables import _literal


class ViewColumnError(ValueError):
    """A view's column has no meaning, or one is declared for a column that is not there."""


@cache
def _declared() -> dict[str, Any]:
    text = (files("warehouse") / "sql" / "views" / "columns.yml").read_text("utf-8")
    declared: dict[str, Any] = yaml.safe_load(text)
    return declared


def column_comments(view: str, columns: Sequence[str]) -> dict[str, str]:
    """The comment of each column of a view.

    Args:
        view: Its name.
        columns: Its columns.

    Returns:
        Column to comment: what `columns.yml` says, or else the first contract there that has a
        column of that name.

    Raises:
        ViewColumnError: A column has no meaning, or a declared one is not in the view.
    """
    declared = _declared().get(view, {})
    found: dict[str, str] = {}
    for table in declared.get("of", ()):
        for column in contracts()[table].columns:
            found.setdefault(column.name, column.comment)
    found |= declared.get("columns", {})
    wrong = [f"{name} has no meaning" for name in columns if name not in found]
    wrong += [f"{n} is no column" for n in declared.get("columns", {}) if n not in columns]
    if wrong:
        raise ViewColumnError(f"warehouse/sql/views/columns.yml: {view}: {'; '.join(wrong)}")
    return {name: found[name] for name in columns}


def create_views(connection: Connection) -> list[str]:
    """Creates the views of `sql/views/*.sql`, with the comments of their columns.

    Each file is one CREATE VIEW with its comment; `sql/views/columns.yml` has the columns.
    """
    folder = files("warehouse") / "sql" / "views"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    for file in found:
        connection.execute(file.read_text("utf-8"))
        view = file.name.removesuffix(".sql")
        columns = [str(row[0]) for row in connection.execute(f'DESCRIBE "{view}"').fetchall()]
        for column, comment in column_comments(view, columns).items():
            connection.execute(f'COMMENT ON COLUMN "{view}"."{column}" IS {_literal(comment)}')
    return [f.name.removesuffix(".sql") for f in found]
