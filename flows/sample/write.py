"""Writes the simulated world as one more mirror of the publishers' sites."""

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from flows.sample.files.atop import atop_archive
from flows.sample.files.cow import capabilities_archive, gdp_file, state_list_archive
from flows.sample.files.ground_truth import FOLDER, ground_truth_files
from flows.sample.files.sipri_milex import sipri_workbook
from flows.sample.files.un_votes import vote_file
from flows.sample.files.undl_votes import ideal_points_file, library_file
from flows.sample.files.us_troops import troops_file
from flows.sample.model.economy import make_economy
from flows.sample.model.ideal_points import make_world
from flows.sample.model.quirks import add_quirks
from flows.sample.model.roll_calls import make_agenda
from flows.sample.model.states import REFERENCE, REFERENCE_FILES
from flows.sample.model.votes import cast_ballots

MARKER = "SIMULATED.md"
STAMP = f"{FOLDER}/stamp.json"

PATHS = {
    "un_votes": "dataverse.harvard.edu/api/access/datafile/6358426",
    "un_ideal_points": "dataverse.harvard.edu/api/access/datafile/13642025",
    "undl_votes": "digitallibrary.un.org/record/4060887/files/2026_02_06_ga_voting.csv",
    "atop": "www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
    "cow_states": "correlatesofwar.org/wp-content/uploads/States2024.zip",
    "cow_capabilities": "correlatesofwar.org/wp-content/uploads/NMCv7.zip",
    "sipri_milex": "www.sipri.org/sites/default/files/SIPRI-Milex-data-1949-2024_2.xlsx",
    "us_troops": "raw.githubusercontent.com/meflynn/troopdata/master/data-raw/troopdata.csv",
    "gdp": "raw.githubusercontent.com/datasets/gdp/main/data/gdp.csv",
}
"""Source to HOST/PATH, as in its declaration."""


def write_sample_world(folder: Path, seed: int = 2019) -> None:
    """Writes a simulated world in the publishers' own formats.

    Real states and treaties; simulated votes, capabilities and everything else. The same seed
    gives the same bytes on any day. Where the folder already holds this world, made by this
    code, nothing is written.

    Args:
        folder: Root of the mirror; created if missing. `HOST/PATH` below it holds the file that the
            publisher serves at that address, `ground_truth/` the true values of this world, and
            `SIMULATED.md` marks it as simulated.
        seed: Seed of all random numbers.
    """
    stamp = {"seed": seed, "generator_sha256": _generator_hash()}
    if _holds(folder, stamp):
        return
    stamp_file = folder / STAMP
    stamp_file.unlink(missing_ok=True)
    sizes = {}
    for path, content in _world_files(seed).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # atomic: another process may be reading the files that are written again
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(target)
        sizes[path] = len(content)
    # last, so that a world whose writing was interrupted is written again
    stamp_file.write_text(json.dumps(stamp | {"bytes": sizes}, indent=2) + "\n", "utf-8")


def _world_files(seed: int) -> dict[str, bytes]:
    world = make_world(seed)
    ballots = cast_ballots(world, make_agenda(world))
    ballots, quirks = add_quirks(ballots, [s.ccode for s in world.states])
    economy = make_economy(world)
    published = {
        "un_votes": vote_file(world, ballots, quirks),
        "un_ideal_points": ideal_points_file(world, ballots),
        "undl_votes": library_file(world, ballots, quirks),
        "atop": atop_archive(world.states),
        "cow_states": state_list_archive(world.states),
        "cow_capabilities": capabilities_archive(world, economy),
        "sipri_milex": sipri_workbook(world, economy),
        "us_troops": troops_file(world),
        "gdp": gdp_file(world, economy),
    }
    mirrored = {PATHS[source]: content for source, content in published.items()}
    return {MARKER: _notice(seed), **ground_truth_files(world, ballots, quirks), **mirrored}


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
    """Hash of this package's code and of the reference files that it reads."""
    code = sorted(f.name for f in files("flows.sample").iterdir() if f.name.endswith(".py"))
    digest = hashlib.sha256()
    for name in code:
        digest.update(name.encode() + (files("flows.sample") / name).read_bytes())
    for name in REFERENCE_FILES:
        digest.update(name.encode() + (REFERENCE / name).read_bytes())
    return digest.hexdigest()
