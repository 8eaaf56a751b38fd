"""A release that loses, rescales or turns round its figures: held, accepted, published.

Every refresh here is the command, on the simulated world read as a mirror, and one process runs all
of them. What follows from `us_troops` is computed within seconds.
"""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.operations.releases import preview_releases
from flows.sources import load_declarations
from tests.contents import Contents, contents
from tests.integration.loaded_process import Done, LoadedProcess
from tests.processes import asymmetry
from warehouse.catalog.builds import require_build

Row = dict[str, str]


def change(world: Path, slug: str, edit: Callable[[Row], Row | None]) -> None:
    """Edits the rows of a text file of a world; a row that becomes None is gone."""
    declaration = load_declarations()[slug]
    path = world / declaration.url.partition("://")[2]
    delimiter = "\t" if declaration.file_format == "tsv" else ","
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        rows, names = list(reader), list(reader.fieldnames or [])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in map(edit, rows) if row is not None)


def without_recent_years(of_hosts: Callable[[int], bool]) -> Callable[[Row], Row | None]:
    """Drops 2000 to 2023 of some hosts."""

    def edit(row: Row) -> Row | None:
        is_gone = of_hosts(int(row["ccode"])) and int(row["year"]) >= 2000
        return None if is_gone else row

    return edit


def in_thousands(row: Row) -> Row:
    value = row["Value"]
    return row | {"Value": repr(float(value) / 1000) if value else value}


def turned_round(row: Row) -> Row:
    """The other sign from 1990 on, each quantile in the place of its counterpart."""
    if int(row["year"]) < 1990:
        return row
    counterparts = {"Q5%FP": "Q95%FP", "Q10%FP": "Q90%FP"}
    counterparts |= {other: name for name, other in counterparts.items()}
    names = [n for n in row if n.endswith("FP") and n != "NVotesFP"]
    values = {n: row[counterparts.get(n, n)] for n in names}
    return row | {n: v if v in {"", "NA"} else repr(-float(v)) for n, v in values.items()}


@pytest.fixture(scope="module")
def built(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built home, and next to it the files that it was built from."""
    folder = tmp_path_factory.mktemp("releases")
    sample_home.copy(folder / "home")
    shutil.copytree(folder / "home" / "sample_world", folder / "world")
    return folder


def copied(source: Path, target: Path) -> Path:
    """A home and its world once more, to be changed; tables of finished steps are linked."""

    def link_tables(file: str, place: str) -> None:
        if file.endswith(".parquet"):
            Path(place).hardlink_to(file)
        else:
            shutil.copy2(file, place)

    return Path(shutil.copytree(source, target, copy_function=link_tables))


@pytest.fixture
def place(built: Path, tmp_path: Path) -> Path:
    """A home of its own, and a world to change."""
    return copied(built, tmp_path / "place")


def refresh(place: Path, refresher: LoadedProcess) -> Done:
    words = ("refresh", "--profile", "mirror", "--mirror", str(place / "world"))
    return refresher.asymmetry(place / "home", *words)


def rows_of(home: Path, sql: str, *values: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.sql(sql, params=values).pl().to_dicts()


def releases_of(home: Path, slug: str) -> list[dict[str, Any]]:
    return rows_of(home, "FROM meta.releases WHERE slug = ? ORDER BY ordinal", slug)


def last_record(home: Path) -> dict[str, Any]:
    path = sorted((home / "runs").glob("*.json"))[-1]
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return record


def test_the_first_build_says_that_there_was_nothing_to_compare_with(sample_home: Any) -> None:
    rows = sample_home.rows("SELECT slug, finding, previous_snapshot_id FROM meta.releases")
    assert sorted(rows) == [(slug, "no_earlier_release", None) for slug in load_declarations()]
    assert "No earlier release" in asymmetry(sample_home.home, "releases").stdout


@dataclass(frozen=True)
class Held:
    """A home whose refresh was held.

    Attributes:
        place: The folder with the home and the changed world.
        build_id: The build that is published.
        figures: Of its tables.
        done: How the refresh ended.
        record: Its record.
    """

    place: Path
    build_id: str
    figures: Contents
    done: Done
    record: dict[str, Any]

    @property
    def home(self) -> Path:
        """The home."""
        return self.place / "home"

    @property
    def release(self) -> str:
        """The snapshot that is held."""
        (release,) = self.record["releases"]
        return str(release["snapshot_id"])


@pytest.fixture(scope="module")
def held(built: Path, refresher: LoadedProcess, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A refresh with a file that has lost 2000 to 2023 of a third of its hosts. Only to read."""
    place = copied(built, tmp_path_factory.mktemp("held") / "place")
    home = place / "home"
    published = home / "warehouse.duckdb"
    build_id, was = require_build(published).build_id, contents(published)
    change(place / "world", "us_troops", without_recent_years(lambda code: code % 3 == 0))
    done = refresh(place, refresher)
    return Held(place, build_id, was, done, last_record(home))


def test_a_release_that_lost_much_is_held_and_what_is_published_stays(held: Held) -> None:
    home, done = held.home, held.done
    assert done.returncode == 3
    assert "The new release of us_troops is held" in done.stderr
    assert "2000 to 2023, 24 rows" in done.stderr
    assert "Traceback" not in done.stderr
    command = f"asymmetry releases accept us_troops {held.release} --because"
    assert command in done.stderr
    assert require_build(home / "warehouse.duckdb").build_id == held.build_id
    assert contents(home / "warehouse.duckdb") == held.figures
    assert held.record["result"] == "failed"
    assert [r["is_held"] for r in held.record["releases"]] == [True]
    assert "steps" not in held.record  # nothing was computed of it

    status = asymmetry(home, "status")
    assert status.returncode == 1
    assert f"{held.release} is held" in status.stdout
    assert command in status.stdout
    assert "All is well" not in status.stdout
    assert "held" in asymmetry(home, "releases").stdout

    snapshot = SnapshotStore(Home.at(home).snapshots).load(held.release)
    known = {"us_troops": snapshot.sha256}
    (line,), is_stopped = preview_releases(Home.at(home), known, "mirror", locked=False)
    assert is_stopped
    assert command in line
    assert not preview_releases(Home.at(home), known, "mirror", locked=True)[1]
    unknown = {"us_troops": "d" * 64}
    (line,), is_stopped = preview_releases(Home.at(home), unknown, "mirror", locked=False)
    assert not is_stopped
    assert "is compared with" in line


def test_a_held_release_is_published_once_it_is_accepted(
    held: Held, refresher: LoadedProcess, tmp_path: Path
) -> None:
    place = copied(held.place, tmp_path / "place")
    home, reason = place / "home", "withdrawn, says the README"
    # asking once more does not make it better, whatever has become of the published file
    published, right = home / "warehouse.duckdb", tmp_path / "right.duckdb"
    shutil.copyfile(published, right)
    published.write_bytes(b"damaged")
    done = refresh(place, refresher)
    assert done.returncode == 3
    assert f"compared with the kept build {held.build_id[:12]}" in done.stdout + done.stderr
    shutil.copyfile(right, published)
    accept = ("releases", "accept", "us_troops", held.release, "--because", reason)
    assert asymmetry(home, *accept).returncode == 0
    assert f"{held.release} was accepted" in asymmetry(home, "status").stdout

    published.unlink()
    done = refresh(place, refresher)
    assert done.returncode == 0, done.stderr
    assert f"accepted: {reason}" in done.stdout
    history = {row["build_id"] for row in rows_of(home, "FROM meta.builds")}
    assert history == {held.build_id, held.record["build_id"]}
    rows = releases_of(home, "us_troops")
    assert {row["finding"] for row in rows} >= {"keys_lost", "rows_lost"}
    assert {row["because"] for row in rows} == {reason}
    assert all(row["is_accepted"] and "@" in row["accepted_by"] for row in rows)
    page = home / "changes" / f"{held.record['build_id'][:16]}.md"
    assert "## New releases" in page.read_text("utf-8")
    assert reason in page.read_text("utf-8")
    assert "All is well." in asymmetry(home, "status").stdout

    # the id is that of the bytes and the code, whatever was compared and accepted
    second = require_build(home / "warehouse.duckdb")
    assert second.build_id == held.record["build_id"]
    assert "Nothing new" in refresh(place, refresher).stdout

    # going back to more is no loss; going there again is, but is asked for by name
    shutil.copytree(home / "sample_world", place / "world", dirs_exist_ok=True)
    assert refresh(place, refresher).returncode == 0
    assert require_build(home / "warehouse.duckdb").build_id == held.build_id
    assert contents(home / "warehouse.duckdb") == held.figures
    (home / "releases" / "accepted.jsonl").unlink()
    rebuild_as_of = "flows.rebuild_as_of:rebuild_as_of"  # as its deployment does
    done = refresher.call(home, rebuild_as_of, second.build_id, None, True)
    assert done.returncode == 0, done.stderr
    assert require_build(home / "warehouse.duckdb").build_id == second.build_id
    rows = [r for r in releases_of(home, "us_troops") if r["snapshot_id"] == held.release]
    assert {row["because"] for row in rows} == {f"the state of {second.build_id} was asked for"}


def test_a_small_loss_is_published_and_told_until_it_is_accepted(
    place: Path, refresher: LoadedProcess
) -> None:
    home = place / "home"
    lost: list[int] = []

    def edit(row: Row) -> Row | None:
        if int(row["ccode"]) == 255 and int(row["year"]) in {2001, 2002}:
            lost.append(1)
            return None
        return row

    change(place / "world", "us_troops", edit)
    done = refresh(place, refresher)
    assert done.returncode == 0, done.stderr
    assert f"{len(lost)} of" in done.stdout
    (keys, *_) = releases_of(home, "us_troops")
    assert (keys["finding"], keys["n_found"], keys["severity"]) == ("keys_lost", 2, "warning")
    assert json.loads(keys["examples"])[0]["first"] == 2001
    status = asymmetry(home, "status")
    assert status.returncode == 1
    assert "is published and has lost or changed something" in status.stdout
    name = keys["snapshot_id"]
    asymmetry(home, "releases", "accept", "us_troops", name, "--because", "two years withdrawn")
    assert "All is well." in asymmetry(home, "status").stdout


@pytest.mark.parametrize(
    ("slug", "edit", "kind"),
    [("gdp", in_thousands, "units_shifted"), ("un_ideal_points", turned_round, "signs_flipped")],
)
def test_another_unit_and_turned_signs_are_held(
    place: Path, refresher: LoadedProcess, slug: str, edit: Callable[[Row], Row], kind: str
) -> None:
    change(place / "world", slug, edit)
    done = refresh(place, refresher)
    assert done.returncode == 3, done.stdout
    record = last_record(place / "home")
    assert record["error"].startswith("ReleaseHeldError")
    said = {"units_shifted": "in another unit", "signs_flipped": "signs turned round"}[kind]
    assert said in done.stderr
    assert [r["slug"] for r in record["releases"]] == [slug]
