"""The trunk on the publishers' real files."""

import gzip
import zipfile
from datetime import date

import polars as pl
import pytest

from tests.built_homes import BuiltHome
from tests.transforms.trunk import Trunk, build_trunk
from transforms.identity import in_system
from transforms.staging.un_votes import FIRST_SESSION_WITH_DAYS

CAST = ["yes", "abstain", "no"]


@pytest.fixture(scope="module")
def files(mirror):
    """Vote file, Library file and state list, as `read` gets them."""
    votes = mirror / "dataverse.harvard.edu/api/access/datafile/6358426.gz"
    library = mirror / "digitallibrary.un.org/record/4060887/files/2026_02_06_ga_voting.csv.gz"
    states = mirror / "correlatesofwar.org/wp-content/uploads/States2024.zip"
    with zipfile.ZipFile(states) as archive:
        spells = archive.read("States2024/statelist2024.csv")
    return gzip.decompress(votes.read_bytes()), gzip.decompress(library.read_bytes()), spells


@pytest.fixture(scope="module")
def real(mirror_home: BuiltHome) -> Trunk:
    """The tables of votes, as the build has them."""
    names = (
        *("staging.stg_un_votes__votes", "staging.stg_un_votes__roll_calls"),
        *("core.votes", "core.roll_calls", "core.states", "core.vote_source_matches"),
    )
    tables = {name.split(".")[1]: mirror_home.table(name) for name in names}
    return Trunk(tables, mirror_home.losses())


def joint(built, ccode1, ccode2, session):
    """Roll calls of final_only on which both voted, unanimous ones left out."""
    usable = built.tables["roll_calls"].filter(pl.col("in_final_only") & ~pl.col("is_unanimous"))
    votes = built.tables["votes"].filter(
        (pl.col("session") == session) & pl.col("choice").is_in(CAST)
    )
    both = [votes.filter(pl.col("ccode") == c).select("rcid") for c in (ccode1, ccode2)]
    return both[0].join(both[1], on="rcid").join(usable, on="rcid", how="semi").height


def test_every_row_is_staged_and_accounted_for(real):
    staged = real.tables["stg_un_votes__votes"].height
    lost = real.losses.filter(pl.col("from_table") == "staging.stg_un_votes__votes")
    assert staged == 1_234_275
    assert real.tables["stg_un_votes__roll_calls"].height == 6_299
    of_the_file = real.tables["votes"].filter(pl.col("ccode_source").is_not_null())
    assert staged == of_the_file.height + lost["n_rows"].sum()
    assert real.tables["roll_calls"].height == 6_299


def test_losses_by_reason(real):
    lost = real.losses.filter(pl.col("from_table") == "staging.stg_un_votes__votes")
    by_reason = dict(lost.group_by("reason").agg(pl.col("n_rows").sum()).iter_rows())
    assert by_reason == {
        # 201 more than the entities that were no states: Syria in the United Arab Republic (194),
        # five states absent before their admission and two votes of Fiji before its own
        "not_in_system": 226_826,
        "superseded_by_succession": 249,
        "south_africa_session_48": 1,
        "zanzibar": 17,
    }


def test_votes_by_choice(real):
    assert dict(real.tables["votes"].group_by("choice").len().iter_rows()) == {
        "yes": 707_514,
        "abstain": 112_600,
        "no": 66_690,
        "absent": 89_258,
        "no_row": 377,
        "seat_disputed": 3_017,
        "not_member": 27_974,
    }


def test_votes_outside_the_system_by_state(real):
    outside = real.tables["votes"].filter(
        (pl.col("sovereignty_reason") == "un_member_before_cow_entry")
        & pl.col("choice").is_in(CAST)
    )
    by_state = dict(outside.group_by("ccode").len().iter_rows())
    assert by_state == {581: 36, 652: 17, 840: 15, 660: 13}


def test_reading_the_weekday_as_a_day_gives_other_counts(real):
    """Figures of 226,621 lost rows and 113 votes outside the system rest on the weekday.

    Read as a day of the month it puts votes of, for example, Tanganyika (independent on
    9 December 1961, UN member on the 14th) before its independence.
    """
    published = real.tables["stg_un_votes__roll_calls"].select(
        "rcid", pl.col("date_published").str.to_date().alias("day")
    )
    rows = (
        real.tables["stg_un_votes__votes"]
        .join(published, on="rcid")
        .rename({"ccode_source": "ccode"})
    )
    member = in_system(rows, spells=real.tables["states"], first_day="day", last_day="day")
    outside = rows.filter(~member)
    assert outside.filter(pl.col("vote_code") == 9).height == 226_621
    ruled = [260, 369, 370, 678, 713, 750]
    others = outside.filter((pl.col("vote_code") <= 3) & ~pl.col("ccode").is_in(ruled))
    by_state = dict(others.group_by("ccode").len().iter_rows())
    assert (others.height, by_state[510], by_state[581]) == (113, 10, 36)


def test_t13_days_before_session_58_are_weekdays(real):
    roll_calls = real.tables["stg_un_votes__roll_calls"].with_columns(
        pl.col("date_published").str.slice(8).cast(pl.Int8).alias("day")
    )
    assert roll_calls.filter(pl.col("session") <= 51)["day"].is_between(1, 7).all()
    known = pl.col("session") >= FIRST_SESSION_WITH_DAYS
    core = real.tables["roll_calls"]
    assert core.filter(known)["vote_date"].null_count() == 0
    assert core.filter(~known)["vote_date"].is_null().all()


@pytest.mark.parametrize(
    ("ccode1", "ccode2", "session", "n"),
    [
        (2, 70, 1, 38),
        (2, 200, 2, 38),
        (2, 365, 2, 38),
        (2, 200, 58, 76),
        (2, 640, 58, 74),
        (2, 710, 58, 75),
        (2, 713, 26, 8),
        (2, 710, 26, 47),
    ],
)
def test_joint_votes_of_two_states(real, ccode1, ccode2, session, n):
    assert joint(real, ccode1, ccode2, session) == n


def test_importance_of_roll_calls(real):
    flagged = real.tables["roll_calls"].filter(pl.col("is_important"))
    assert flagged.filter(pl.col("session") == 50).height == 28
    assert set(flagged["importance_basis"]) == {"coded", "coded_suspect"}
    assert (flagged["session"].min(), flagged["session"].max()) == (38, 72)


def test_every_library_resolution_is_a_roll_call_of_the_vote_file(real):
    matches = real.tables["vote_source_matches"]
    assert matches.height == 1_226
    assert matches["is_matched"].all()
    assert (matches["n_votes_compared"] == matches["n_votes_equal"]).all()
    assert matches["n_votes_compared"].sum() == 217_276


def test_cut_at_session_70_the_library_gives_back_what_was_cut(real, files):
    cut = build_trunk(_until(files[0], 70), files[1], files[2])
    columns = ["rcid", "ccode", "session", "choice", "is_sovereign", "identity_precision"]
    original = real.tables["vote_source_matches"].select(
        (pl.col("undl_id") + 10_000_000).alias("rcid"), pl.col("rcid").alias("original")
    )
    added = (
        cut.tables["votes"]
        .filter(pl.col("source") == "undl_votes")
        .join(original, on="rcid", validate="m:1")
        .with_columns(pl.col("original").alias("rcid"))
        .select(columns)
        .sort("rcid", "ccode")
    )
    there = real.tables["votes"].filter(
        pl.col("rcid").is_in(added["rcid"].unique().implode())
        & pl.col("choice").is_in([*CAST, "absent", "no_row"])
    )
    assert added["rcid"].n_unique() == 427
    assert set(added["session"]) == {71, 72, 73, 74, 75}
    assert added.equals(there.select(columns).sort("rcid", "ccode"))


def _until(votes: bytes, session: int) -> bytes:
    rows = pl.read_csv(votes, infer_schema=False)
    return rows.filter(pl.col("session").cast(pl.Int16) <= session).write_csv().encode()


def test_states_are_those_of_the_list(real):
    states = real.tables["states"]
    assert states.height == 244
    germany = states.filter(pl.col("ccode") == 255).sort("valid_from")
    assert germany["valid_from"].to_list() == [date(1816, 1, 1), date(1990, 10, 3)]
    alive = states.filter("is_in_system_at_source_end")
    assert alive["iso3"].null_count() == 0
    assert alive["iso3"].n_unique() == alive.height
