"""Publishers release something newer: one release is followed, one held, one refused.

The publishers are a server on loopback: the simulated world, with listings in their own form.
"""

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from flows.discovery.ask import publisher_of
from flows.sources import load_declarations
from tests.integration.prefect_server import prefect_server
from tests.processes import asymmetry_process, wait_for
from tests.publisher import listings
from tests.publisher.server import Publishers, checksum, serving_publishers
from warehouse.catalog.builds import require_build

DECLARED = load_declarations()
IDEAL = "https://dataverse.harvard.edu/api/access/datafile/14098429"
GDP = f"https://raw.githubusercontent.com/datasets/gdp/{1:040x}/data/gdp.csv"
STATES = "https://correlatesofwar.org/wp-content/uploads/States2025.zip"


@dataclass
class Place:
    publishers: Publishers
    home: Path

    def run(self, *words: str) -> Any:
        return asymmetry_process(self.home, *words)

    def check(self) -> Any:
        return self.run("releases", "--check", *self.mirror)

    @property
    def mirror(self) -> tuple[str, ...]:
        return ("--profile", "mirror", "--mirror", self.publishers.base)

    def states(self) -> dict[str, dict[str, Any]]:
        done = self.run("releases", "--format", "json")
        return {one["slug"]: one for one in json.loads(done.stdout)}

    @property
    def build_id(self) -> str:
        return require_build(self.home / "warehouse.duckdb").build_id


def in_another_order(data: bytes) -> bytes:
    """The same rows, the other way round."""
    header, *rows = data.decode("utf-8-sig").splitlines()
    return "\n".join([header, *reversed(rows), ""]).encode()


def with_another_header(data: bytes) -> bytes:
    """An archive whose table begins with columns of its own."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as changed:
        for name in archive.namelist():
            text = archive.read(name).decode()
            changed.writestr(name, text.replace("stateabb,ccode", "abbreviation,code", 1))
    return packed.getvalue()


@pytest.fixture(scope="module")
def place(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = sample_home.copy(tmp_path_factory.mktemp("followed") / "home")
    world = home / "sample_world"
    with serving_publishers() as publishers:
        publishers.publish("http://SIMULATED.md", (world / "SIMULATED.md").read_bytes())
        files = {s: (world / d.url.partition("://")[2]).read_bytes() for s, d in DECLARED.items()}
        for slug, declaration in DECLARED.items():
            publishers.publish(declaration.url, files[slug])
        ideal = in_another_order(files["un_ideal_points"])
        named = listings.dataverse_file(
            14098429, "IdealpointestimatesFP_2026.csv", filesize=len(ideal), md5=checksum(ideal)
        )
        version = listings.dataverse_version(39, [named])
        publishers.publish(DECLARED["un_ideal_points"].discover.listings[0], version)
        publishers.publish(IDEAL, ideal)
        commit = listings.commits("2027-01-02T00:00:00Z")
        publishers.publish(DECLARED["gdp"].discover.listings[0], commit)
        publishers.publish(GDP, in_another_order(files["gdp"]))
        page = listings.page_of_links("/wp-content/uploads/States2025.zip")
        publishers.publish(DECLARED["cow_states"].discover.listings[0], page)
        publishers.publish(STATES, with_another_header(files["cow_states"]))
        yield Place(publishers, home)


@dataclass(frozen=True)
class Checked:
    """A scheduled run of `check-releases`, and what it told the server."""

    run: dict[str, Any]
    released: list[str]
    changed: list[str]


@pytest.fixture(scope="module")
def checked(
    place: Place, laid_out_prefect: Path, tmp_path_factory: pytest.TempPathFactory
) -> Checked:
    """The schedule of `check-releases` fires on a server of its own, and a worker runs it."""
    folder = tmp_path_factory.mktemp("prefect")
    shutil.copytree(laid_out_prefect, folder, dirs_exist_ok=True)
    with prefect_server(folder) as server:
        server.deploy()
        named = {"deployments": {"name": {"any_": ["check-releases"]}}}
        (deployment,) = server.read("deployments/filter", named)
        soon = {
            "slug": "soon",
            "schedule": {"interval": 15},
            "active": True,
            "max_scheduled_runs": 1,
            "parameters": {"profile": "mirror", "mirror": place.publishers.base},
        }
        server.ask("POST", f"deployments/{deployment['id']}/schedules", [soon])
        with server.worker("checks", place.home, folder):
            run = server.ended_run_of("check-releases", 400)

        def slugs_of(event: str) -> list[str]:
            return sorted(e["payload"]["slug"] for e in server.events(event))

        wait_for("the events", lambda: slugs_of("source.changed"), 60)
        return Checked(run, slugs_of("source.released"), slugs_of("source.changed"))


def test_the_schedule_has_run_it(checked: Checked) -> None:
    assert checked.run["state_name"] == "Completed", checked.run["state"]["message"]
    assert checked.run["auto_scheduled"]
    assert checked.released == ["cow_states", "gdp", "un_ideal_points"]
    assert checked.changed == ["un_ideal_points"]  # what builds by itself is only what is followed


def test_one_is_followed_one_held_one_refused(place: Place, checked: Checked) -> None:
    states = place.states()
    assert states["un_ideal_points"]["adopted"] == "39.0"
    assert states["un_ideal_points"]["state"] == "current"
    assert states["gdp"]["state"] == "held"
    assert "somebody has to agree" in states["gdp"]["reason"]
    assert states["cow_states"]["state"] == "refused"
    assert "'stateabb' and is 'abbreviation'" in states["cow_states"]["reason"]
    assert states["atop"]["state"] == "nothing_to_discover"


def test_a_release_is_told_with_all_that_is_known_of_it(place: Place, checked: Checked) -> None:
    gdp = place.states()["gdp"]
    assert {k: gdp[k] for k in ("declared", "newest", "is_newer", "released_on", "url")} == {
        "declared": DECLARED["gdp"].discover.declared,
        "newest": "2027-01-02T00:00:00Z",
        "is_newer": True,
        "released_on": "2027-01-02",
        "url": GDP,
    }
    assert Path(gdp["build_file"]).is_file()


def test_nothing_is_published_by_trying(place: Place, checked: Checked, sample_home: Any) -> None:
    assert place.build_id == require_build(sample_home.warehouse).build_id


def test_status_tells_of_what_waits(place: Place, checked: Checked) -> None:
    done = place.run("status")
    assert done.returncode == 1
    assert "asymmetry releases accept gdp 2027-01-02T00:00:00Z --because" in done.stdout
    assert "cow_states" in done.stdout
    assert "All is well" not in done.stdout


def test_no_publisher_is_asked_more_than_a_handful_of_times(place: Place, checked: Checked) -> None:
    addresses = [f"https://{a}" for a, _ in place.publishers.asked if a != "SIMULATED.md"]
    asked = Counter(publisher_of(address) for address in addresses)
    assert max(asked.values()) <= 5, asked


def test_the_same_check_a_day_later_does_nothing(place: Place, checked: Checked) -> None:
    before = place.states()
    place.publishers.asked.clear()
    files_before = sorted(place.home.glob("snapshots/*/*/*"))
    done = place.check()
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [address for address, _ in place.publishers.asked if address != "SIMULATED.md"]
    listed = {u.partition("://")[2] for d in DECLARED.values() for u in d.discover.listings}
    assert set(asked) <= listed
    assert sorted(place.home.glob("snapshots/*/*/*")) == files_before
    after = place.states()
    known = {slug: o["state"] for slug, o in before.items() if o["state"] != "unknown"}
    assert {slug: after[slug]["state"] for slug in known} == known
    # a publisher of six sources was asked for five of them: now it was the turn of the sixth
    assert "unknown" not in {o["state"] for o in after.values()}


def test_an_accepted_release_is_published_by_the_next_refresh(
    place: Place, checked: Checked
) -> None:
    words = ("accept", "gdp", "2027-01-02T00:00:00Z", "--because", "only the order has changed")
    accepted = place.run("releases", *words)
    assert accepted.returncode == 0, accepted.stderr
    assert "follows 2027-01-02" in accepted.stdout
    before = place.build_id
    refreshed = place.run("refresh", *place.mirror)
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    assert place.build_id != before
    used = require_build(place.home / "warehouse.duckdb").snapshots
    assert used["gdp"] == place.states()["gdp"]["snapshot_id"]
    assert used["un_ideal_points"] == place.states()["un_ideal_points"]["snapshot_id"]
    again = place.run("refresh", *place.mirror)
    assert "Nothing new" in again.stdout


def test_what_was_refused_cannot_be_accepted(place: Place, checked: Checked) -> None:
    done = place.run("releases", "accept", "cow_states", "2025", "--because", "I want it")
    assert done.returncode != 0
    assert "cannot be used" in done.stderr
