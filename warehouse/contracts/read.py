"""Contracts: one YAML per table, from which types, DDL, comments and dictionary are made.

A field is defined once, in `contracts/fields/*.yml`; a table's contract lists its columns by
name and may narrow a field (a different description, a smaller range), never its type. Columns
that follow from others of their row take no space: their formulas are in `contracts/formulas`.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from warehouse.contracts.formulas import Formulas, FormulasError, read_formulas
from warehouse.contracts.model import POLARS_TYPES, SCHEMAS, Column, Contract, ContractError

# the parser of libyaml where PyYAML has it: every command reads all contracts, 0.6 s without it
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _yaml_files(folder: Traversable) -> list[Traversable]:
    found = [f for f in folder.iterdir() if f.name.endswith(".yml")]
    return sorted(found, key=lambda f: f.name)


@cache
def fields() -> dict[str, dict[str, Any]]:
    """The field catalogue: every column name with its one definition.

    Raises:
        ContractError: A field is defined twice, or lacks a type or a description.
    """
    catalogue: dict[str, dict[str, Any]] = {}
    home = files("warehouse") / "contracts" / "fields"
    for file in _yaml_files(home):
        for name, entry in (yaml.load(file.read_text("utf-8"), _LOADER) or {}).items():
            if name in catalogue:
                raise ContractError(f"contracts/fields/{file.name}: {name} is already defined")
            if entry.get("type") not in POLARS_TYPES or not entry.get("description"):
                raise ContractError(
                    f"contracts/fields/{file.name}: {name} needs a description and a type"
                    f" among {', '.join(POLARS_TYPES)}"
                )
            catalogue[name] = entry
    return catalogue


def _column(
    entry: str | dict[str, Any], key: tuple[str, ...], formulas: Formulas, where: str
) -> Column:
    name, override = (entry, {}) if isinstance(entry, str) else next(iter(entry.items()))
    base = fields().get(name)
    if base is None:
        raise ContractError(f"{where}: {name} is not in contracts/fields")
    allowed = {"description", "unit", "codes", "min", "max", "null_when"}
    if unknown := set(override) - allowed:
        raise ContractError(f"{where}: {name}: unknown entries {sorted(unknown)}")
    merged = {**base, **override}
    if name in key and merged.get("null_when"):
        merged["null_when"] = None
    return Column(
        name=name,
        type=merged["type"],
        description=" ".join(str(merged["description"]).split()),
        unit=merged.get("unit"),
        codes=merged.get("codes"),
        minimum=merged.get("min"),
        maximum=merged.get("max"),
        null_when=merged.get("null_when"),
        formula=formulas.get(name),
    )


def read_contract(text: str, where: str) -> Contract:
    """Parses one contract.

    Args:
        text: YAML text.
        where: File name for error messages.

    Raises:
        ContractError: An entry is missing, a column is unknown, the key is not among the
            columns, or a formula is for none of them or for the key.
    """
    raw = yaml.load(text, _LOADER)
    if absent := {"table", "title", "grain", "description", "key", "columns"} - set(raw):
        raise ContractError(f"{where}: {sorted(absent)} missing")
    key = tuple(raw["key"])
    try:
        formulas = read_formulas(raw["formulas"]) if "formulas" in raw else {}
    except FormulasError as error:
        raise ContractError(f"{where}: {error}") from error
    columns = tuple(_column(entry, key, formulas, where) for entry in raw["columns"])
    names = [c.name for c in columns]
    if odd := sorted(n for n in formulas if n not in names or n in key):
        raise ContractError(f"{where}: formulas for {odd}, which are no columns beside the key")
    if len(set(names)) < len(names) or not set(key) <= set(names):
        raise ContractError(f"{where}: columns repeat, or the key is not among them")
    if raw["table"].split(".")[0] not in SCHEMAS:
        raise ContractError(f"{where}: {raw['table']} is in none of the schemas {SCHEMAS}")
    return Contract(
        table=raw["table"],
        title=raw["title"],
        grain=raw["grain"],
        description=raw["description"].strip(),
        key=key,
        columns=columns,
        sources=tuple(raw.get("sources", ())),
        usage_warnings=tuple(raw.get("usage_warnings", ())),
        formula_order=tuple(formulas),
    )


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by full table name, in schema order, then by name.

    Raises:
        ContractError: A contract is faulty, or its file is not where its name says
            (`contracts/<schema>/<table>.yml`).
    """
    found: dict[str, Contract] = {}
    home = files("warehouse") / "contracts"
    for schema in SCHEMAS:
        for file in _yaml_files(home / schema):
            where = f"contracts/{schema}/{file.name}"
            contract = read_contract(file.read_text("utf-8"), where)
            if contract.table != f"{schema}.{file.name.removesuffix('.yml')}":
                raise ContractError(f"{where}: holds the contract of {contract.table}")
            found[contract.table] = contract
    return found
