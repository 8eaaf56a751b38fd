"""Writes the simulated world as one more mirror of the publishers' sites."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from flows.sample.files.ground_truth import FOLDER, ground_truth_files
from flows.sample.model.simulation import Simulation
from flows.sample.model.size import USUAL, WorldSize
from flows.sample.model.states import REFERENCE, REFERENCE_FILES
from flows.sources import load_declarations

MARKER = "SIMULATED.md"
SEED = 2019
STAMP = f"{FOLDER}/stamp.json"

PATHS = {slug: declared.url.partition("://")[2] for slug, declared in load_declarations().items()}
"""Source to HOST/PATH, where a mirror keeps what the publisher serves at that address."""


def write_sample_world(folder: Path, seed: int = SEED, size: WorldSize = USUAL) -> None:
    """Writes a simulated world in the publishers' own formats.

    Real states and treaties; simulated votes, capabilities and everything else. The same seed
    gives the same bytes on any day. Where the folder already holds this world, made by this
    code, nothing is written.

    Args:
        folder: Root of the mirror; created if missing. `HOST/PATH` below it holds the file that the
            publisher serves at that address, `ground_truth/` the true values of this world, and
            `SIMULATED.md` marks it as simulated.
        seed: Seed of all random numbers.
        size: How large it is.

    Raises:
        ValueError: There are not so many states.
    """
    stamp = {"seed": seed, "size": asdict(size), "generator_sha256": _generator_hash()}
    if _holds(folder, stamp):
        return
    stamp_file = folder / STAMP
    stamp_file.unlink(missing_ok=True)
    sizes = {}
    for path, content in _world_files(seed, size).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # atomic: another process may be reading the files that are written again
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(target)
        sizes[path] = len(content)
    # last, so that a world whose writing was interrupted is written again
    stamp_file.write_text(json.dumps(stamp | {"bytes": sizes}, indent=2) + "\n", "utf-8")


def _world_files(seed: int, size: WorldSize) -> dict[str, bytes]:
    simulation = Simulation(seed, size)
    return {
        MARKER: _notice(seed),
        **ground_truth_files(simulation.world, simulation.ballots, simulation.quirks),
        **{PATHS[slug]: simulated_file(slug, simulation) for slug in PATHS},
    }


def simulated_file(slug: str, simulation: Simulation) -> bytes:
    """What the publisher of a source would serve in the simulated world.

    Args:
        slug: A declared source; `flows/sample/files/<slug>.py` writes its file.
        simulation: The simulated world.

    Raises:
        ModuleNotFoundError: Nothing writes a file for this source.
    """
    content: bytes = import_module(f"flows.sample.files.{slug}").simulated_file(simulation)
    return content


def _notice(seed: int) -> bytes:
    return (
        "# SIMULATED\n\n"
        "Everything in this folder is simulated: votes, capabilities, expenditure, troops, output"
        " and ideal points are random numbers drawn from a model (seed"
        f" {seed}). Only names, codes and dates of states and treaties are real. No file here"
        " comes from the publisher whose address its path repeats, and no result computed from"
        " it says anything about the world.\n\n"
        "What is true in this world is in `ground_truth/`.\n"
    ).encode()


def _holds(folder: Path, stamp: Mapping[str, object]) -> bool:
    """Whether the folder holds all files of the world with this stamp, in their full size."""
    try:
        found = json.loads((folder / STAMP).read_text("utf-8"))
        return all(found[k] == v for k, v in stamp.items()) and all(
            (folder / path).stat().st_size == size for path, size in found["bytes"].items()
        )
    except (OSError, ValueError, KeyError):
        return False


def _generator_hash() -> str:
    """Hash of what decides the world: code, declared addresses, and the lists that it reads."""
    digest = hashlib.sha256(json.dumps(PATHS, sort_keys=True).encode())
    for name, content in sorted(generator_code()):
        digest.update(name.encode() + content)
    for name in REFERENCE_FILES:
        digest.update(name.encode() + (REFERENCE / name).read_bytes())
    return digest.hexdigest()


def generator_code() -> Iterator[tuple[str, bytes]]:
    """Every module of this package: its path below the package, and its bytes."""
    return _modules_below(files("flows.sample"), "")


def _modules_below(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _modules_below(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{prefix}{entry.name}", entry.read_bytes()
