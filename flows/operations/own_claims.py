"""Judges a file of claims of one's own from the published build, and touches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from flows.engine.reference import read_reference
from flows.home.error_words import in_words
from flows.home.user_file import read_user_text
from transforms.arguing.errors import ArgumentError
from transforms.arguing.own_claims import (
    judged,
    own_edition,
    refuse_unknown_cells,
    tables_read,
    warnings_of,
)
from transforms.metrics.claims.claim_definitions import read_claims
from warehouse.db import Connection

EDITIONS = ("claims.yml", "claims_edition_1.yml")


@dataclass(frozen=True)
class OwnClaims:
    """What became of a file of claims.

    Attributes:
        verdicts: Rows as of `metrics.claim_verdict`.
        tests: Rows as of `metrics.claim_test`.
        notes: What the file leaves out or sets otherwise than the edition.
    """

    verdicts: pl.DataFrame
    tests: pl.DataFrame
    notes: list[str]


def judge_own_claims(connection: Connection, path: Path) -> OwnClaims:
    """Judges a file.

    Args:
        connection: A read-only connection.
        path: YAML in the form of `transforms/reference/claims.yml`; only `claims` is needed.

    Raises:
        ArgumentError: It cannot be read, or names what the build does not have.
    """
    try:
        raw = yaml.safe_load(read_user_text(path))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ArgumentError(
            f"--claims {path}: it cannot be read as YAML ({in_words(error)})."
        ) from None
    edition = read_reference(EDITIONS[0])
    own = own_edition(raw, edition)
    tables = {
        name.partition(".")[2]: pl.DataFrame(connection.sql(f"FROM {name}").pl())
        for name in tables_read(own)
    }
    listed: dict[str, list[Mapping[str, Any]]] = {}
    for name in EDITIONS:
        for claim in read_claims(read_reference(name)):
            for test in claim.tests:
                listed.setdefault(test.measure, []).append(dict(test.cell))
    refuse_unknown_cells(own, tables, listed)
    verdicts, tests = judged(own, tables)
    return OwnClaims(verdicts, tests, warnings_of(own, edition))
