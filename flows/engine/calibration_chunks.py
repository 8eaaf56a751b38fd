"""Into which chunks the worlds are cut, and what becomes of one; finished chunks are kept.

A world's random numbers are its own (family and number), so chunks can be run anywhere and in any
order; they are put together in the order of families, scenarios and worlds. The piece of a chunk
is named by its worlds, so a run that asks for more or fewer of them finds those that are there.
This module imports nothing of Prefect: the processes that compute read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from flows.engine.chunks import ChunkStore
from flows.engine.fingerprint import hash_of_data, hash_of_reference
from flows.engine.reference import read_reference
from flows.engine.source_code import libraries_of, module_hash
from transforms.calibration.registry import FAMILIES, MODULE_OF
from transforms.calibration.run_worlds import run_worlds
from transforms.calibration.scenario import PRESENT, Scenario, bare
from transforms.metrics.claims.claim_definitions import edition_of
from warehouse.db import Connection

_CLAIMS = ("claims.yml", "claims_edition_1.yml")
_TEXTS = ("statement", "reading", "limits", "caution", "would_test")

REAL = "real"
WORLDS_IN_CHUNK = 10
PRIMARIES_IN_CHUNK = 50
PART_WITH_EFFECT = 4
"""Worlds without an effect for each one with it: rates of 5 % need more of them than curves."""


@dataclass(frozen=True)
class Chunk:
    """Worlds `first` to `last` − 1 of one scenario.

    Attributes:
        family: Name of the family.
        scenario: The truth of the worlds.
        first: Number of the first world.
        last: One more than that of the last.
        drawn_on: Id of the published build whose ties and calendar the worlds have; empty where
            they are made up as a whole.
        code: Of the code that decides what the worlds show; see `key_of_worlds`.
    """

    family: str
    scenario: Scenario
    first: int
    last: int
    drawn_on: str = ""
    code: str = ""

    @property
    def label(self) -> str:
        """The worlds in words."""
        on = f" on build {self.drawn_on[:12]}" if self.drawn_on else ""
        return f"{self.family}, {self.scenario.name}, worlds {self.first} to {self.last - 1}{on}"

    def pieces(self, folder: Path) -> tuple[ChunkStore, ChunkStore]:
        """Where verdicts and estimates of the chunk are kept."""
        place = folder / self.code
        verdicts, estimates = (place / kind / self.label for kind in ("verdicts", "estimates"))
        return ChunkStore(verdicts, 1), ChunkStore(estimates, 1)


@dataclass(frozen=True)
class Worlds:
    """What came of all worlds: see `run_worlds`."""

    verdicts: pl.DataFrame
    estimates: pl.DataFrame


def chunks(n_worlds: int, names: Sequence[str], build_id: str = "") -> list[Chunk]:
    """Cuts the worlds into chunks.

    Args:
        n_worlds: Worlds per scenario without an effect (a part of them, where a world takes
            seconds); of those with it a quarter is made.
        names: Families.
        build_id: The published build, for families that are drawn on it.

    Returns:
        Chunks in the order of families, scenarios and worlds.
    """
    found = []
    for name in names:
        code = key_of_worlds(name)
        for scenario in FAMILIES[name].scenarios:
            n = max(1, round(n_worlds * FAMILIES[name].part))
            if scenario.kind == PRESENT:
                n = max(1, n // PART_WITH_EFFECT)
            on = build_id if FAMILIES[name].reads else ""
            size = PRIMARIES_IN_CHUNK if FAMILIES[name].is_primary_only else WORLDS_IN_CHUNK
            found += [
                Chunk(name, scenario, k, min(k + size, n), on, code) for k in range(0, n, size)
            ]
    return found


def evenly(found: Sequence[Chunk]) -> list[Chunk]:
    """The same chunks in an order in which all scenarios come forward at the same pace."""
    n = {(c.family, c.scenario): c.last for c in found}  # the last chunk of each counts
    return sorted(found, key=lambda c: c.first / n[c.family, c.scenario])


@cache
def key_of_worlds(family: str) -> str:
    """What code, lists and rules decide what the worlds of a family show, in 16 digits.

    The texts of claims do not: their limits quote these worlds. See `Chunk.drawn_on` for the
    build that worlds are drawn on.

    Args:
        family: Name of the family.
    """
    about = FAMILIES[family]
    modules = (MODULE_OF[family], run_worlds.__module__)
    rules = _without_texts(listed_claims()[about.edition], about.claims)
    decides = [
        *map(module_hash, modules),
        libraries_of(*modules),
        *(hash_of_reference(name) for name in about.references),
        rules,
    ]
    return hash_of_data(decides)[:16]


def _without_texts(claims: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A file of claims with some of them, and of these only what is computed and judged."""
    judged = {
        name: {key: value for key, value in claims["claims"][name].items() if key not in _TEXTS}
        for name in names
    }
    return {**claims, "claims": judged}


def judge_chunk(chunk: Chunk, folder: str) -> None:
    """Makes, tests and judges the worlds of one chunk, or finds that it is done.

    Args:
        chunk: The chunk.
        folder: Where finished pieces are kept.
    """
    verdicts, estimates = chunk.pieces(Path(folder))
    if verdicts.find(0) and estimates.find(0):
        return
    judged = run_worlds(
        FAMILIES[chunk.family],
        chunk.scenario,
        chunk.first,
        chunk.last,
        editions=listed_claims(),
        basis=read_basis(chunk.family, chunk.drawn_on, folder),
    )
    estimates.save(0, judged[1])
    verdicts.save(0, judged[0])


def concat(found: Sequence[Chunk], folder: Path) -> Worlds:
    """What came of some chunks, in their order.

    Raises:
        LookupError: A chunk is not finished.
    """
    parts = [chunk.pieces(folder) for chunk in found]
    return Worlds(
        pl.concat([verdicts.all() for verdicts, _ in parts]),
        pl.concat([estimates.all() for _, estimates in parts]),
    )


def tables_read(names: Sequence[str]) -> list[str]:
    """Published tables that worlds of some families are drawn on, each once, sorted."""
    return sorted({table for name in names for table in FAMILIES[name].reads})


def save_real(connection: Connection, tables: Sequence[str], build_id: str, folder: Path) -> None:
    """Copies published tables to where the processes that make worlds find them.

    Args:
        connection: The published warehouse.
        tables: Their full names.
        build_id: The build that they are of.
        folder: Where finished pieces are kept.
    """
    place = folder / REAL / build_id
    place.mkdir(parents=True, exist_ok=True)
    for table in tables:
        rows: pl.DataFrame = connection.sql(f"FROM {table} ORDER BY ALL").pl()
        rows.write_parquet(place / f"{table}.parquet")


@cache
def read_basis(family: str, build_id: str, folder: str) -> Any:
    """What worlds of a family are drawn on, from the tables that `save_real` has copied."""
    about, place = FAMILIES[family], Path(folder) / REAL / build_id
    tables = {bare(table): pl.read_parquet(place / f"{table}.parquet") for table in about.reads}
    return about.basis_of(tables | {name: read_reference(name) for name in about.references})


@cache
def listed_claims() -> dict[int, dict[str, Any]]:
    """Number of an edition to its file of claims."""
    return {edition_of(read): read for read in map(read_reference, _CLAIMS)}
