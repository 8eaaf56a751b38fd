"""Into which chunks the worlds are cut, and what becomes of one; finished chunks are kept.

A world's random numbers are its own (family and number), so chunks can be run anywhere and in any
order; they are put together in the order of families, scenarios and worlds. The piece of a chunk
is named by its worlds, so a run that asks for more or fewer of them finds those that are there.
This module imports nothing of Prefect: the processes that compute read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from flows.engine.chunks import ChunkStore
from flows.engine.fingerprint import hash_of_data, hash_of_reference
from flows.engine.reference import read_reference
from flows.engine.source_code import libraries_of, module_hash
from transforms.calibration.registry import FAMILIES, run_worlds
from transforms.calibration.scenario import PRESENT, Scenario
from transforms.metrics.claims.claim_definitions import edition_of

_CLAIMS = ("claims.yml", "claims_edition_1.yml")

WORLDS_IN_CHUNK = 10
PART_WITH_EFFECT = 4
"""Worlds without an effect for each one with it: rates of 5 % need more of them than curves."""


@dataclass(frozen=True)
class Chunk:
    """Worlds `first` to `last` − 1 of one scenario."""

    family: str
    scenario: Scenario
    first: int
    last: int

    @property
    def label(self) -> str:
        """The worlds in words."""
        return f"{self.family}, {self.scenario.name}, worlds {self.first} to {self.last - 1}"

    def pieces(self, folder: Path) -> tuple[ChunkStore, ChunkStore]:
        """Where verdicts and estimates of the chunk are kept."""
        verdicts, estimates = (folder / kind / self.label for kind in ("verdicts", "estimates"))
        return ChunkStore(verdicts, 1), ChunkStore(estimates, 1)


@dataclass(frozen=True)
class Worlds:
    """What came of all worlds: see `run_worlds`."""

    verdicts: pl.DataFrame
    estimates: pl.DataFrame


def chunks(n_worlds: int, names: Sequence[str]) -> list[Chunk]:
    """Cuts the worlds into chunks.

    Args:
        n_worlds: Worlds per scenario without an effect (a part of them, where a world takes
            seconds); of those with it a quarter is made.
        names: Families.

    Returns:
        Chunks in the order of families, scenarios and worlds.
    """
    found = []
    for name in names:
        for scenario in FAMILIES[name].scenarios:
            n = max(1, round(n_worlds * FAMILIES[name].part))
            if scenario.kind == PRESENT:
                n = max(1, n // PART_WITH_EFFECT)
            starts = range(0, n, WORLDS_IN_CHUNK)
            found += [Chunk(name, scenario, k, min(k + WORLDS_IN_CHUNK, n)) for k in starts]
    return found


def evenly(found: Sequence[Chunk]) -> list[Chunk]:
    """The same chunks in an order in which all scenarios come forward at the same pace."""
    n = {(c.family, c.scenario): c.last for c in found}  # the last chunk of each counts
    return sorted(found, key=lambda c: c.first / n[c.family, c.scenario])


def key_of_worlds() -> str:
    """A hash of everything that decides what a world shows, but for its number."""
    module = run_worlds.__module__
    return hash_of_data(
        [module_hash(module), libraries_of(module), *(hash_of_reference(name) for name in _CLAIMS)]
    )


def judge_chunk(chunk: Chunk, folder: str) -> None:
    """Makes, tests and judges the worlds of one chunk, or finds that it is done.

    Args:
        chunk: The chunk.
        folder: Where finished pieces are kept.
    """
    verdicts, estimates = chunk.pieces(Path(folder))
    if verdicts.find(0) and estimates.find(0):
        return
    judged = run_worlds(chunk.family, chunk.scenario, chunk.first, chunk.last, listed_claims())
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


@cache
def listed_claims() -> dict[int, dict[str, Any]]:
    """Number of an edition to its file of claims."""
    return {edition_of(read): read for read in map(read_reference, _CLAIMS)}
