"""A backup is proved: what is missing of it, damaged in it, or younger than it, is named."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.home.paths import Home
from flows.operations.backup import PARTS
from tests.processes import asymmetry
from warehouse.catalog.builds import require_build


@pytest.fixture
def backup(sample_home: Any, tmp_path: Path) -> Path:
    """A backup of the built home, as the runbook makes it."""
    folder = tmp_path / "back up, ünïcode"
    for part in PARTS:
        if (sample_home.home / part).is_dir():
            shutil.copytree(sample_home.home / part, folder / part)
    return folder


def checked(backup: Path, home: Path) -> tuple[int, str]:
    done = asymmetry(home, "restore", "--check", str(backup))
    return done.returncode, done.stdout


def files_below(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_a_good_backup_is_good_also_where_the_home_is_gone(
    backup: Path, sample_home: Any, tmp_path: Path
) -> None:
    before = files_below(backup)
    n = len(require_build(sample_home.warehouse).snapshots)
    for home in (sample_home.home, tmp_path / "gone"):
        code, said = checked(backup, home)
        assert code == 0, said
        assert f"The backup is good: {n} snapshots are what they were; 1 builds" in said
    assert files_below(backup) == before
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize("damage", ["gone", "a bit", "record"])
def test_a_snapshot_that_a_kept_build_needs_is_missed(
    backup: Path, damage: str, tmp_path: Path
) -> None:
    (folder,) = backup.glob("snapshots/gdp/gdp.*")
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "a bit":
        (file,) = folder.glob("gdp.*")
        data = bytearray(file.read_bytes())
        data[100] ^= 1
        file.chmod(0o644)
        file.write_bytes(data)
    else:
        (folder / "record.json").chmod(0o644)
        (folder / "record.json").write_text("{")
    code, said = checked(backup, tmp_path / "gone")
    assert code == 1
    assert folder.name in said
    assert "The backup is not enough" in said


def test_what_the_home_has_built_since_is_missed_and_what_nobody_needs_is_said(
    backup: Path, sample_home: Any, tmp_path: Path
) -> None:
    home = Home.at(tmp_path / "home")
    shutil.copytree(sample_home.home / "snapshots", home.snapshots)
    shutil.copytree(home.snapshots / "gdp", tmp_path / "gdp")
    (folder,) = home.snapshots.glob("gdp/gdp.*")
    younger = folder.with_name("gdp.0123456789ab")
    shutil.copytree(folder, younger)
    code, said = checked(backup, home.path)
    assert code == 0
    assert f"no kept build needs them: {younger.name}." in said

    shutil.copy(sample_home.warehouse, home.warehouse)  # published, and known by no record
    for record in backup.glob("runs/*.json"):
        record.unlink()
    shutil.rmtree(next(backup.glob("snapshots/vdem/vdem.*")))
    code, said = checked(backup, home.path)
    assert code == 1
    assert "Snapshot vdem." in said


def test_records_that_cannot_be_read_and_a_lost_file_of_a_user_are_named(
    backup: Path, tmp_path: Path
) -> None:
    (record,) = backup.glob("runs/*-published.json")
    run = json.loads(record.read_text())
    run["parameters"]["covariates"] = "ab" * 32
    record.write_text(json.dumps(run))
    (backup / "runs" / "20260101T000000000000-unchanged.json").write_text("{")
    (backup / "runs" / "20260101T000000000001-unchanged.json").write_text("null")
    nothing = {**run, "snapshots": {}}
    (backup / "runs" / "20260101T000000000002-published.json").write_text(json.dumps(nothing))
    log = backup / "snapshots" / "gdp" / "fetches.jsonl"
    log.write_text('{"not": "a fetch"}\n' + log.read_text())
    code, said = checked(backup, tmp_path / "gone")
    assert code == 1
    assert "The file of covariates abababababab is not in the backup" in said
    assert "20260101T000000000000-unchanged.json cannot be read" in said
    assert "20260101T000000000001-unchanged.json cannot be read" in said
    assert "20260101T000000000002-published.json does not say what was published" in said
    assert "fetches.jsonl, line 1: not a fetch record" in said


def test_a_folder_that_is_no_backup_is_not_good(tmp_path: Path) -> None:
    code, said = checked(tmp_path, tmp_path / "gone")
    assert code == 1
    assert f"{tmp_path / 'snapshots'} is no folder" in said


@pytest.mark.parametrize(
    ("gone", "said_of_it"),
    [
        ("snapshots/gdp/fetches.jsonl", "no snapshot of gdp counts as fetched"),
        ("runs", "has no record of a run"),
    ],
)
def test_what_cannot_be_made_again_is_missed(
    backup: Path, sample_home: Any, gone: str, said_of_it: str
) -> None:
    path = backup / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    code, said = checked(backup, sample_home.home)
    assert code == 1, said
    assert said_of_it in said
    assert "The backup is not enough" in said


def test_acceptances_that_the_home_has_are_missed(
    backup: Path, sample_home: Any, tmp_path: Path
) -> None:
    home = Home.at(tmp_path / "home")
    for part in ("snapshots", "runs"):
        shutil.copytree(sample_home.home / part, home.path / part)
    accepted = home.releases / "accepted.jsonl"
    accepted.parent.mkdir()
    accepted.write_text('{"slug": "gdp"}\n')
    code, said = checked(backup, home.path)
    assert code == 1, said
    assert "accepted.jsonl is missing or empty, and the home has acceptances" in said
