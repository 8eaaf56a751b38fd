"""Publishers release something newer: one release is followed, one held, one refused.

Later one is withdrawn, labels are renamed, and files are replaced under their names. The publishers
are a server on loopback: the simulated world, with listings in their own form.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.discovery.ask import publisher_of
from flows.home.discovered import read_releases, write_releases
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.integration.loaded_process import LoadedProcess
from tests.integration.prefect_server import PrefectServer, prefect_server
from tests.processes import wait_for
from tests.publisher import listings
from tests.publisher.released_again import (
    as_the_world_bank_has_it,
    in_another_order,
    with_another_header,
)
from tests.publisher.server import Publishers, checksum, serving_publishers
from warehouse.catalog.builds import require_build

DECLARED = load_declarations()
IDEAL = "https://dataverse.harvard.edu/api/access/datafile/14098429"
GDP = str(DECLARED["gdp"].publisher_url)
STATES = "https://correlatesofwar.org/wp-content/uploads/States2025.zip"


@dataclass
class Place:
    publishers: Publishers
    home: Path
    refresher: LoadedProcess

    def run(self, *words: str) -> Any:
        return self.refresher.asymmetry(self.home, *words)

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


@pytest.fixture(scope="module")
def place(
    sample_home: Any, refresher: LoadedProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
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
        publishers.publish(GDP, as_the_world_bank_has_it(files["gdp"], "2027-01-02"))
        votes = listings.dataverse_file(6358426, "UNVotes-1.csv")
        publishers.publish(
            listings.listing_of("un_votes", 1), listings.dataverse_version(32, [votes])
        )
        link = "/sites/default/files/SIPRI-Milex-data-1949-2024_2.xlsx"
        publishers.publish(listings.listing_of("sipri_milex"), listings.page_of_links(link))
        page = listings.page_of_links("/wp-content/uploads/States2025.zip")
        publishers.publish(DECLARED["cow_states"].discover.listings[0], page)
        publishers.publish(STATES, with_another_header(files["cow_states"]))
        yield Place(publishers, home, refresher)


@dataclass(frozen=True)
class Checked:
    """A scheduled run of `check-releases`, and what it told the server."""

    run: dict[str, Any]
    released: list[str]
    changed: list[str]


@pytest.fixture(scope="module")
def own_server(
    place: Place, laid_out_prefect: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PrefectServer]:
    """A server of its own, with a worker for the home."""
    folder = tmp_path_factory.mktemp("prefect")
    shutil.copytree(laid_out_prefect, folder, dirs_exist_ok=True)
    with prefect_server(folder) as found:
        found.deploy(place.home)
        # what a check has followed is built by the tests below, one at a time in the home
        found.ask("DELETE", f"deployments/{found.deployment_id('build-and-publish')}")
        with found.worker("checks", place.home, folder):
            yield found


def scheduled_check(server: PrefectServer, place: Place) -> Checked:
    """The schedule of `check-releases` fires once, and the worker runs it."""
    run = server.fire("check-releases", profile="mirror", mirror=place.publishers.base)

    def slugs_of(event: str) -> list[str]:
        return sorted(e["payload"]["slug"] for e in server.events(event))

    wait_for("the events", lambda: slugs_of("source.changed"), 60)
    return Checked(run, slugs_of("source.released"), slugs_of("source.changed"))


@pytest.fixture(scope="module")
def checked(place: Place, own_server: PrefectServer) -> Checked:
    """The first scheduled check."""
    return scheduled_check(own_server, place)


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
    assert {states[slug]["state"] for slug in ("un_votes", "sipri_milex")} == {"current"}


def test_a_release_is_told_with_all_that_is_known_of_it(place: Place, checked: Checked) -> None:
    gdp = place.states()["gdp"]
    assert {k: gdp[k] for k in ("declared", "newest", "is_newer", "released_on", "url")} == {
        "declared": DECLARED["gdp"].discover.declared,
        "newest": "2027-01-02",
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
    assert "asymmetry releases accept gdp 2027-01-02 --because" in done.stdout
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
    words = ("accept", "gdp", "2027-01-02", "--because", "only the layout has changed")
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


# --- what publishers do later ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def checked_later(place: Place, checked: Checked, own_server: PrefectServer) -> Checked:
    """A release is withdrawn, labels are renamed, files replaced; then the schedule fires again."""
    publishers, world = place.publishers, place.home / "sample_world"
    # withdrawn: the release that is followed is gone, and the version before it is the newest
    publishers.withdraw(IDEAL)
    before = listings.dataverse_file(13642025, "Idealpointestimates1946-2025.tab")
    version = listings.dataverse_version(38, [before])
    publishers.publish(listings.listing_of("un_ideal_points"), version)
    # a label renamed: the same number, and so the same file
    votes = listings.dataverse_file(6358426, "UNVotes_sessions_1_to_75.csv")
    publishers.publish(listings.listing_of("un_votes", 1), listings.dataverse_version(32, [votes]))
    # and one renamed beyond recognition
    link = "/sites/default/files/Milex_2025_final.xlsx"
    publishers.publish(listings.listing_of("sipri_milex"), listings.page_of_links(link))
    # replaced under the same name: a broken archive is mended, a table comes with other columns
    path = DECLARED["cow_states"].url.partition("://")[2]
    publishers.publish(STATES, (world / path).read_bytes())
    rest_over(place, "cow_states")
    packaged = (world / DECLARED["gdp"].url.partition("://")[2]).read_bytes()
    publishers.publish(GDP, as_the_world_bank_has_it(packaged, "2027-04-01", code="Economy"))
    return scheduled_check(own_server, place)


def rest_over(place: Place, slug: str) -> None:
    """Lets as many days pass as a refused release rests."""
    home = Home.at(place.home)
    known = read_releases(slug, "mirror", home)
    (refused,) = known.candidates
    long_ago = datetime.fromisoformat(refused.tried_at) - timedelta(
        days=DECLARED[slug].cadence_days
    )
    write_releases(known.with_candidate(replace(refused, tried_at=long_ago.isoformat())), home)


def test_a_withdrawn_release_is_told_and_what_was_fetched_stays(
    place: Place, checked_later: Checked
) -> None:
    assert checked_later.run["state_name"] == "Completed", checked_later.run["state"]["message"]
    ideal = place.states()["un_ideal_points"]
    assert (ideal["state"], ideal["adopted"], ideal["newest"]) == ("withdrawn", "39.0", "38.0")
    assert "what was fetched of it stays" in ideal["reason"]
    assert "un_ideal_points: 38.0 is withdrawn" in place.run("status").stdout


def test_a_renamed_label_of_the_same_file_is_nothing_new(
    place: Place, checked_later: Checked
) -> None:
    states = place.states()
    assert states["un_votes"]["state"] == "current"
    assert states["sipri_milex"]["state"] == "withdrawn"
    assert "withdrawn or renamed" in states["sipri_milex"]["reason"]


def test_a_file_that_was_replaced_under_its_name_is_tried_anew(
    place: Place, checked_later: Checked
) -> None:
    states = place.states()
    mended, gdp = states["cow_states"], states["gdp"]
    assert (mended["state"], mended["adopted"], mended["url"]) == ("current", "2025", STATES)
    assert (gdp["adopted"], gdp["newest"], gdp["url"]) == ("2027-01-02", "2027-04-01", GDP)
    assert gdp["state"] == "refused"
    assert "lacks Country Code" in gdp["reason"]
    # the mended archive is no news: its release was told of before
    assert checked_later.released == ["cow_states", "gdp", "gdp", "un_ideal_points"]


def test_the_next_refresh_goes_on_with_what_is_here(place: Place, checked_later: Checked) -> None:
    before = place.build_id
    refreshed = place.run("refresh", *place.mirror)
    assert refreshed.returncode == 0, refreshed.stdout + refreshed.stderr
    assert "Nothing new" in refreshed.stdout
    assert place.build_id == before
