"""Runs worlds in chunks over processes; the number of processes changes no figure.

A world's random numbers are its own (family and number), so that chunks can be run anywhere and
in any order; results are put in the order of the families afterwards.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib import resources
from multiprocessing import get_context
from typing import Any

import polars as pl
import yaml

from transforms.calibration.families import FAMILIES, run_worlds
from transforms.calibration.family import PRESENT, Scenario

WORLDS_IN_CHUNK = 5
PART_WITH_EFFECT = 4
"""Worlds without an effect for each one with it: rates of 5 % need more of them than curves."""

THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Chunk:
    """Worlds `first` to `last` − 1 of one scenario."""

    family: str
    scenario: Scenario
    first: int
    last: int


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


def run(n_worlds: int, names: Sequence[str], n_workers: int) -> Iterator[tuple[int, int, Worlds]]:
    """Runs all worlds of some families.

    Args:
        n_worlds: As in `chunks`.
        names: Families.
        n_workers: Processes; 1 runs all in this one.

    Yields:
        Chunks done, chunks in all, and what came of all of them so far, in order.
    """
    todo = chunks(n_worlds, names)
    done: dict[int, Worlds] = {}
    if n_workers == 1:
        for place, chunk in enumerate(todo):
            done[place] = _run_chunk(chunk)
            yield len(done), len(todo), _together(done)
        return
    os.environ |= dict.fromkeys(THREADS, "1")  # read by the processes when they start
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        futures: dict[Future[Worlds], int] = {
            pool.submit(_run_chunk, chunk): place for place, chunk in enumerate(todo)
        }
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            yield len(done), len(todo), _together(done)


def _run_chunk(chunk: Chunk) -> Worlds:
    return Worlds(
        *run_worlds(chunk.family, chunk.scenario, chunk.first, chunk.last, listed_claims())
    )


@cache
def listed_claims() -> dict[str, Any]:
    """The file of claims."""
    text = resources.files("transforms.reference").joinpath("claims.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _together(done: dict[int, Worlds]) -> Worlds:
    parts = [done[place] for place in sorted(done)]
    return Worlds(
        pl.concat([part.verdicts for part in parts]),
        pl.concat([part.estimates for part in parts]),
    )
