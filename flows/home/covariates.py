"""Covariates that a person hands over: checked, kept for good under their hash, read back.

The contract of `core.covariates` is the schema of the file.
"""

import csv
import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.home.error_words import in_words
from flows.home.paths import Home

if TYPE_CHECKING:
    import polars as pl

    from warehouse.contracts.model import Column, Contract

NAME = "covariates"
"""The parameter of a build, and what steps call what they are handed."""

TABLE = "core.covariates"
_INTACT = "Nothing was changed."


class CovariatesError(ValueError):
    """The file cannot be used, or is no longer there."""


def check_covariates(path: Path) -> str:
    """Reads a file through, cell by cell.

    Args:
        path: CSV in UTF-8 with the columns of `core.covariates`; an empty cell is no value.

    Returns:
        SHA-256 of its bytes.

    Raises:
        CovariatesError: The message names row (1 is the first after the header), column and
            value.
    """
    return _checked(path)[0]


def keep_covariates(path: Path, home: Home) -> str:
    """Checks a file and copies it to `covariates/<SHA-256>.csv` of the home, once.

    Returns:
        The SHA-256.

    Raises:
        CovariatesError: As `check_covariates`; nothing is copied then.
    """
    sha256, data = _checked(path)
    target = covariates_file(sha256, home)
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_bytes(data)
        partial.chmod(0o444)
        partial.replace(target)
    find_covariates(sha256, home)
    return sha256


def covariates_file(sha256: str, home: Home) -> Path:
    """Where a file with this hash is kept."""
    return home.covariates / f"{sha256}.csv"


def find_covariates(sha256: str, home: Home) -> Path:
    """The kept file with this hash.

    Raises:
        CovariatesError: It is gone, or has been changed.
    """
    path = covariates_file(sha256, home)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise CovariatesError(
            f"{path} is gone or damaged, and the build needs it. The published warehouse is"
            " untouched. Restore it from a backup, or remove it and hand the same file over again:"
            " --covariates FILE."
        )
    return path


def user_files_of(parameters: Mapping[str, object]) -> dict[str, str]:
    """Which of a build's parameters are the hash of a file that was handed over."""
    return {NAME: str(parameters[NAME])} if NAME in parameters else {}


def read_covariates(path: Path | None) -> "pl.DataFrame":
    """The file as `core.covariates` wants it; without a file the same columns and no row."""
    import polars as pl

    rows = _rows(path, path.read_bytes()) if path else []
    return pl.DataFrame(rows, schema=_contract().polars_schema, orient="row")


def _contract() -> "Contract":
    # here, since most who import this only ask whether there are any, which needs no contract
    from warehouse.contracts.read import contracts

    return contracts()[TABLE]


def _checked(path: Path) -> tuple[str, bytes]:
    if not path.is_file():
        raise CovariatesError(f"There is no file {path} to hand over. {_INTACT}")
    data = path.read_bytes()
    if not _rows(path, data):
        raise CovariatesError(f"{path} has no row below its header. {_INTACT}")
    return hashlib.sha256(data).hexdigest(), data


def _rows(path: Path, data: bytes) -> list[dict[str, Any]]:
    """The rows with their values; None where the file has none."""
    header, lines = _cells(path, data)
    _check_header(path, header)
    columns = _contract().columns
    seen: dict[tuple[int, int], int] = {}
    rows = []
    for number, line in enumerate(lines, start=1):
        texts = dict(zip(header, line, strict=True))
        row = {c.name: _value(path, number, c, texts.get(c.name, "")) for c in columns}
        key = (row["ccode"], row["year"])
        if key in seen:
            where = f"{path}: row {number}, columns ccode and year: {key[0]}, {key[1]}"
            raise _refusal(where, f"is in row {seen[key]} already", "Keep one of the two rows")
        seen[key] = number
        rows.append(row)
    return rows


def _cells(path: Path, data: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows, stripped; empty lines at the end do not count."""
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CovariatesError(
            f"{path} is no CSV in UTF-8 ({in_words(error)}). {_INTACT}"
        ) from error
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    header = [cell.strip() for cell in lines[0]] if lines else []
    rows = [[cell.strip() for cell in line] for line in lines[1:]]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            where = f"{path}: row {number}: it has {len(row)} cells"
            raise _refusal(where, f"and the header {len(header)}", "Correct the row")
    return header, rows


def _check_header(path: Path, header: list[str]) -> None:
    contract = _contract()
    known = [c.name for c in contract.columns]
    there_are = f"The columns are {', '.join(known)} (docs/metrics.md)"
    for name in header:
        if name not in known:
            raise _refusal(f"{path}: column {name!r}", "is not in the schema", there_are)
        if header.count(name) > 1:
            raise _refusal(f"{path}: column {name!r}", "is there twice", there_are)
    if missing := [name for name in contract.key if name not in header]:
        raise _refusal(f"{path}: column {missing[0]!r}", "is missing", there_are)
    if len(header) == len(contract.key):
        raise _refusal(f"{path}:", "it has no column beside ccode and year", there_are)


def _value(path: Path, row: int, column: "Column", text: str) -> Any:
    """The value of a cell as a number; None for an empty one."""
    where = f"{path}: row {row}, column {column.name}: {text!r}"
    if not text:
        if column.null_when is None:
            raise _refusal(where, "is empty", "Every row needs its ccode and year")
        return None
    try:
        if "_" in text:  # Python's numbers may have it
            raise ValueError(text)
        number = int(text) if column.type.startswith("int") else float(text)
    except ValueError:
        what = "whole number" if column.type.startswith("int") else "number"
        raise _refusal(where, f"is no {what}", "Leave an unknown value empty") from None
    if column.type == "boolean":
        if number not in (0, 1):
            raise _refusal(where, "is neither 0 nor 1", "Correct it, or leave it empty")
        return bool(number)
    low, high = column.minimum, column.maximum
    if (low is not None and not number >= low) or (high is not None and not number <= high):
        unit = f" ({column.unit})" if column.unit else ""
        message = f"is outside {low:g} to {high:g}{unit}"
        raise _refusal(where, message, "Correct it, or leave it empty")
    return number


def _refusal(where: str, what: str, advice: str) -> CovariatesError:
    return CovariatesError(f"{where} {what}. {_INTACT} {advice}, and run again.")
