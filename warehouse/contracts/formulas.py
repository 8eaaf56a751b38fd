"""Formulas of columns that follow from other columns of their row.

Such a column is not stored: the table is a view that computes it over the stored columns
(`warehouse.contracts.model.Contract.view_ddl`). A group of formulas is one YAML in
`contracts/formulas`, so that tables of one kind share it:

    terms: {n: "n_yes + n_no"}            # names of repeated parts
    columns: {share_yes: "n_yes / {n}"}   # column to SQL; {n} is replaced by (n_yes + n_no)
"""

import re
from functools import cache
from importlib.resources import files

import yaml

Formulas = dict[str, str]
"""Column to its SQL expression."""

_PLACE = re.compile(r"\{(\w+)\}")


class FormulasError(ValueError):
    """A group of formulas is missing or contradicts itself; the message names the file."""


@cache
def read_formulas(group: str) -> Formulas:
    """The formulas of a group, all terms written out.

    Args:
        group: Name of the file in `contracts/formulas`, without its ending.

    Raises:
        FormulasError: There is no such file, or a formula uses a term that is not defined
            above it.
    """
    where = f"contracts/formulas/{group}.yml"
    file = files("warehouse") / "contracts" / "formulas" / f"{group}.yml"
    if not file.is_file():
        raise FormulasError(f"there is no {where}")
    return parse_formulas(file.read_text("utf-8"), where)


def parse_formulas(text: str, where: str) -> Formulas:
    """Parses a group of formulas.

    Args:
        text: YAML text.
        where: File name for error messages.

    Raises:
        FormulasError: As `read_formulas`.
    """
    raw = yaml.safe_load(text)
    terms: dict[str, str] = {}
    for name, expression in raw.get("terms", {}).items():
        terms[name] = f"({_written_out(expression, terms, f'{where}: {name}')})"
    return {
        name: _written_out(expression, terms, f"{where}: {name}")
        for name, expression in raw["columns"].items()
    }


def _written_out(expression: str, terms: dict[str, str], where: str) -> str:
    if unknown := sorted(set(_PLACE.findall(expression)) - set(terms)):
        raise FormulasError(f"{where} uses {unknown}, which no term above it defines")
    return " ".join(_PLACE.sub(lambda match: terms[match[1]], expression).split())
