"""The shipped bundle: small, of a real build, and without what is a publisher's."""

import hashlib
from importlib.resources import files

import polars as pl
import pytest

from tests.warehouse.report.profiles.small_support import warehouse_of
from warehouse.report.profiles.frames import FRAMES
from warehouse.report.profiles.leaders import LEADERS
from warehouse.report.profiles.vote_classes import MIN_VOTES, VOTE_CLASSES
from warehouse.report.shipped_bundle import Bundle, bundled_frame, shipped_bundle
from warehouse.report.write_bundle import MOST_BYTES, NotABundleError, write_bundle

FOLDER = files("warehouse") / "report" / "bundle"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    found = shipped_bundle()
    assert found, "make bundle"
    return found


def test_it_has_every_frame_as_it_was_written_and_is_small(bundle) -> None:
    assert set(bundle.sha256) == set(FRAMES)
    contents = {name: (FOLDER / f"{name}.parquet").read_bytes() for name in FRAMES}
    assert {name: hashlib.sha256(c).hexdigest() for name, c in contents.items()} == bundle.sha256
    assert {p.name for p in FOLDER.iterdir()} == {
        "bundle.json",
        *(f"{name}.parquet" for name in FRAMES),
    }
    assert sum(map(len, contents.values())) <= MOST_BYTES


@pytest.mark.parametrize("name", ["agreement_by_session", "agreement_by_period"])
def test_nothing_of_fewer_than_five_votes_is_in_it(bundle, name) -> None:
    frame = bundled_frame(name)
    assert (frame["n_votes"].drop_nulls() >= MIN_VOTES).all()
    withheld = frame.filter(pl.col("n_votes").is_null())
    assert withheld["null_reason"].null_count() == 0
    for column in ("n_with", "n_abstained", "agreement", "ci_low", "ci_high"):
        assert withheld[column].null_count() == withheld.height
    assert set(frame["vote_class"]) == set(VOTE_CLASSES)
    assert set(frame["leader"]) == set(LEADERS)
    assert (
        frame.filter(pl.col("agreement").is_not_null())
        .select(
            (
                (pl.col("ci_low") <= pl.col("agreement"))
                & (pl.col("agreement") <= pl.col("ci_high"))
            ).all()
        )
        .item()
    )


def test_published_ideal_points_and_publishers_dates_are_not_in_it(bundle) -> None:
    columns = {name: set(bundled_frame(name).columns) for name in bundle.sha256}
    assert not [name for name, found in columns.items() if any("published" in c for c in found)]
    spells = bundled_frame("tier_spells")
    assert spells.filter(tier="atop")["since"].null_count() == spells.filter(tier="atop").height
    assert (bundled_frame("ideal_points")["n_votes"] >= MIN_VOTES).all()


def test_it_has_what_everybody_knows_of_poland(bundle) -> None:
    change = bundled_frame("largest_changes").filter(leader=2, ccode=290, vote_class="unpopular")
    row = change.row(0, named=True)
    assert (row["year_before"], row["year_after"]) == (1989, 1990)
    assert row["agreement_before"] == pytest.approx(0.01, abs=0.005)
    assert row["agreement_after"] == pytest.approx(0.39, abs=0.005)
    nato = bundled_frame("tier_spells").filter(leader=2, ccode=290, tier="core")
    assert str(nato["since"].item()) == "1999-03-12"


@pytest.mark.parametrize(
    ("is_simulated", "parameters", "says"),
    [(True, "{}", "simulated"), (False, '{"covariates": "ab"}', "file of its user's")],
)
def test_of_a_simulated_world_or_with_a_users_file_there_is_none(
    tmp_path, is_simulated, parameters, says
) -> None:
    connection = warehouse_of()
    connection.execute("CREATE SCHEMA meta")
    connection.execute(
        "CREATE TABLE meta.builds AS SELECT 'ab' AS build_id, 'sample' AS profile,"
        " ? AS is_simulated, TIMESTAMP '2026-01-01' AS built_at, '1' AS code_version,"
        " '{}' AS library_versions, ? AS parameters, true AS is_current",
        [is_simulated, parameters],
    )
    connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
    connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
    with pytest.raises(NotABundleError, match=says):
        write_bundle(connection, tmp_path)
    assert list(tmp_path.iterdir()) == []
