"""`asymmetry archive`: a zip that holds no publisher's bytes, and makes its build again."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.contents import contents
from tests.processes import ROOT, asymmetry
from warehouse.catalog.builds import read_build

RECOMPUTED = ("stage_gdp", "core.gdp", "marts.state_year", "metrics.claim_verdict")
"""Steps that the archived code computes itself, one of each kind. The others are finished, under
hashes of the code, which only the same code can find."""


@pytest.fixture(scope="module")
def archive(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of the published build."""
    target = tmp_path_factory.mktemp("archive") / "build.zip"
    done = asymmetry(sample_home.home, "archive", "--to", str(target))
    assert done.returncode == 0, done.stderr
    assert "tables of metrics and the code" in done.stdout
    return target


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(archive.parent / "unpacked")
    (folder,) = (archive.parent / "unpacked").iterdir()
    return folder


def test_the_same_build_gives_the_same_bytes(archive: Path, sample_home: Any) -> None:
    again = archive.with_name("again.zip")
    assert asymmetry(sample_home.home, "archive", "--to", str(again)).returncode == 0
    assert again.read_bytes() == archive.read_bytes()


def test_it_holds_no_publishers_file(unpacked: Path, sample_home: Any) -> None:
    snapshots = read_build(sample_home.warehouse)
    assert snapshots is not None
    theirs = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (sample_home.home / "snapshots").rglob("*")
        if path.is_file()
    }
    own = [path for path in unpacked.rglob("*") if path.is_file()]
    assert not theirs & {hashlib.sha256(path.read_bytes()).hexdigest() for path in own}
    listed = (unpacked / "snapshots.csv").read_text("utf-8")
    assert all(one in listed for one in snapshots.snapshots.values())


def test_every_file_has_its_checksum_and_the_crate_lists_what_is_there(unpacked: Path) -> None:
    checked = subprocess.run(
        ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=unpacked, check=False, text=True
    )
    assert checked.returncode == 0
    crate = json.loads((unpacked / "ro-crate-metadata.json").read_text("utf-8"))
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    parts = [part["@id"] for part in graph["./"]["hasPart"]]
    assert all((unpacked / part).exists() and part in graph for part in parts)
    assert all((unpacked / name).exists() for name, e in graph.items() if e["@type"] == "File")
    zenodo = json.loads((unpacked / ".zenodo.json").read_text("utf-8"))
    assert zenodo["description"].startswith("SIMULATED")
    assert "SIMULATED" in (unpacked / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    "finished",
    ["all but some steps", pytest.param("nothing but snapshots", marks=pytest.mark.soak)],
)
def test_it_makes_the_same_build(
    unpacked: Path, sample_home: Any, laid_out_prefect: Path, tmp_path: Path, finished: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(sample_home.home / "snapshots", home / "snapshots")
    if finished == "all but some steps":
        shutil.copytree(sample_home.home / "steps", home / "steps")
        shutil.copytree(laid_out_prefect, home / "prefect")
        for pattern in RECOMPUTED:
            for folder in (home / "steps").glob(pattern):
                shutil.rmtree(folder)
    output = tmp_path / "again.duckdb"
    without = {k: v for k, v in os.environ.items() if not k.startswith(("ASYMMETRY", "PREFECT"))}
    done = subprocess.run(
        ["sh", str(unpacked / "rebuild.sh"), str(home), str(output)],
        env={**without, "ASYMMETRY_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "as it was then" in done.stdout
    then, now = read_build(sample_home.warehouse), read_build(output)
    assert then is not None
    assert now is not None
    assert (now.build_id, now.step_hashes) == (then.build_id, then.step_hashes)
    assert contents(output) == contents(sample_home.warehouse)
    assert not (home / "warehouse.duckdb").exists(), "nothing was published"


def test_other_code_is_not_passed_off_as_that_of_the_build(
    sample_home: Any, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(
        ROOT,
        clone,
        ignore=shutil.ignore_patterns(".*", "var", "build", "site", "docs", "tests", "*.egg-info"),
    )
    module = clone / "transforms" / "metrics" / "security_hierarchy.py"
    module.write_text(module.read_text("utf-8") + "\n_CHANGED = 1\n", "utf-8")
    target = tmp_path / "b.zip"
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli.main", "archive", "--to", str(target)],
        cwd=clone,
        env={
            **os.environ,
            "ASYMMETRY_HOME": str(sample_home.home),
            "PYTHONPATH": str(clone),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "this code would make" in " ".join(done.stderr.split())
    assert not target.exists()
    refused = asymmetry(sample_home.home, "archive", "0123456789", "--to", str(target))
    assert refused.returncode == 2
    assert "There is no build 0123456789 among those that are kept" in " ".join(
        refused.stderr.split()
    )
