import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from flows.sample import write, write_sample_world
from flows.sample.write import MARKER, PATHS, STAMP

SOURCES = Path(__file__).resolve().parents[3] / "flows" / "sources"


def hashes(folder: Path) -> dict[str, str]:
    return {
        f.relative_to(folder).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file()
    }


def stamp_of(folder: Path) -> dict[str, Any]:
    """What a world says of itself."""
    stamp: dict[str, Any] = json.loads((folder / STAMP).read_text())
    return stamp


def test_the_same_seed_gives_the_same_bytes_in_another_process(world: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from flows.sample import write_sample_world;"
        f" write_sample_world(Path({str(tmp_path / 'again')!r}))"
    )
    elsewhere = os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code], check=True, env=elsewhere)
    assert hashes(tmp_path / "again") == hashes(world)


def test_another_seed_gives_other_votes_of_the_same_states(world: Path, tmp_path: Path) -> None:
    write_sample_world(tmp_path, seed=7)
    ours, other = hashes(world), hashes(tmp_path)
    assert ours.keys() == other.keys()
    assert ours[PATHS["un_votes"]] != other[PATHS["un_votes"]]
    assert ours[PATHS["cow_states"]] == other[PATHS["cow_states"]]
    assert stamp_of(tmp_path)["seed"] == 7


def test_a_finished_world_is_left_alone(world: Path) -> None:
    before = {f: f.stat().st_mtime_ns for f in world.rglob("*")}
    write_sample_world(world)
    assert {f: f.stat().st_mtime_ns for f in world.rglob("*")} == before


@pytest.mark.parametrize("damage", ["file missing", "file cut short", "made by other code"])
def test_an_unfinished_or_outdated_world_is_written_again(
    world: Path, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = hashes(world)
    # what the same seed gives again, as the first test here shows
    made = {path: (world / path).read_bytes() for path in stamp_of(world)["bytes"]}
    monkeypatch.setattr(write, "_world_files", lambda *_: made)
    for path in expected:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((world / path).read_bytes())
    if damage == "file missing":
        (tmp_path / PATHS["gdp"]).unlink()
    elif damage == "file cut short":
        (tmp_path / PATHS["gdp"]).write_bytes(b"Country Name")
    else:
        changed = stamp_of(tmp_path) | {"generator_sha256": "0"}
        (tmp_path / STAMP).write_text(json.dumps(changed))
    write_sample_world(tmp_path)
    assert hashes(tmp_path) == expected


def test_every_declared_source_is_served_at_its_address(world: Path) -> None:
    declared = [yaml.safe_load(f.read_text("utf-8")) for f in sorted(SOURCES.glob("*.yml"))]
    addresses = {d["slug"]: urlsplit(d["url"]) for d in declared}
    assert {slug: url.netloc + url.path for slug, url in addresses.items()} == PATHS
    assert all((world / path).is_file() for path in PATHS.values())


def test_the_world_says_that_it_is_simulated(world: Path) -> None:
    assert (world / MARKER).read_text("utf-8").startswith("# SIMULATED\n")
    assert json.loads((world / "ground_truth" / "parameters.json").read_text())["simulated"] is True


def test_the_files_are_small(world: Path) -> None:
    assert (world / PATHS["un_votes"]).stat().st_size < 25e6
    assert sum(f.stat().st_size for f in world.rglob("*") if f.is_file()) < 30e6
