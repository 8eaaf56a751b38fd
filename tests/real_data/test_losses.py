"""Nothing of the real files is lost in silence, and what was explained stays explained."""

import gzip
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.absent_states import EVERY_STATE_HAS_ROWS
from expectations.gate.losses import LOSS_RULES
from tests.transforms.trunk import read_reference
from transforms.core.obligations import owes
from transforms.identity import dated_aliases
from transforms.staging import gdp, sipri_milex, undl_votes


def test_every_loss_is_meant(mirror_home: Any) -> None:
    rules = ", ".join(f"'{rule}'" for rule in (*LOSS_RULES, EVERY_STATE_HAS_ROWS))
    judged = mirror_home.rows(
        "SELECT expectation, bool_and(passed) FROM meta.validation_results"
        f" WHERE expectation IN ({rules}) GROUP BY expectation"
    )
    assert dict(judged) == dict.fromkeys((*LOSS_RULES, EVERY_STATE_HAS_ROWS), True)


def test_losses_are_named(mirror_home: Any) -> None:
    named = mirror_home.rows(
        "SELECT count(DISTINCT code) FROM meta.row_losses WHERE to_table = 'core.gdp'"
        " AND reason = 'aggregate_not_state'"
    )
    assert named[0][0] > 40
    values = mirror_home.rows(
        "SELECT reason, sum(n_rows)::INTEGER, sum(n_values)::INTEGER FROM meta.row_losses"
        " WHERE column_name IS NOT NULL GROUP BY reason"
    )
    assert values == [("not_converted", 0, 244)]


def test_every_figure_of_sipri_arrives_or_is_counted(mirror_home: Any) -> None:
    ((n_in,),) = mirror_home.rows(
        "SELECT count(value) FROM staging.stg_sipri_milex__state_years"
        " WHERE sheet <> 'local_currency'"
    )
    ((n_out,),) = mirror_home.rows(
        "SELECT count(milex_usd) + count(milex_gdp_share) FROM core.military_expenditure"
    )
    ((n_lost,),) = mirror_home.rows(
        "SELECT sum(n_values)::INTEGER FROM meta.row_losses"
        " WHERE to_table = 'core.military_expenditure'"
    )
    assert n_in == n_out + n_lost


def test_a_missing_share_says_why(mirror_home: Any) -> None:
    statuses = mirror_home.rows(
        "SELECT DISTINCT milex_gdp_share_status FROM core.military_expenditure ORDER BY 1"
    )
    assert statuses == [("not_available",), ("published",)]


# --- codes of every release that is here ------------------------------------------------------


def codes_known(scheme: str) -> set[str]:
    return set(dated_aliases(read_reference("state_aliases"), scheme)["code"])


def test_every_code_of_the_library_is_known(mirror: Path) -> None:
    path = next((mirror / "digitallibrary.un.org").rglob("*_ga_voting.csv.gz"))
    raw = undl_votes.read({"data": gzip.decompress(path.read_bytes())})
    seen = set(raw[undl_votes.RAW_VOTES]["ms_code"])
    assert seen - codes_known("un_library") == set()
    assert {"GER", "EAT", "EAZ"} <= codes_known("un_library")


def test_every_code_of_the_world_bank_is_known(mirror: Path) -> None:
    path = mirror / "raw.githubusercontent.com/datasets/gdp/main/data/gdp.csv"
    seen = set(gdp.read({"data": path.read_bytes()})[gdp.RAW]["Country Code"])
    others = set(read_reference("gdp_entities")["code"])
    assert seen - codes_known("iso3") - others == set()


def test_every_name_of_sipri_is_known_and_every_known_name_is_there(mirror: Path) -> None:
    folder = mirror / "www.sipri.org" / "sites" / "default" / "files"
    content = (folder / "SIPRI-Milex-data-1949-2024_2.xlsx").read_bytes()
    staged = sipri_milex.stage(sipri_milex.read({"data": content})).tables[sipri_milex.STAGED]
    assert set(staged["sipri_name"]) == set(read_reference("sipri_names")["code"])


# --- what a column is ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promise", "n"),
    [("defense", 137_762), ("offense", 6_342), ("neutral", 4_465), ("nonagg", 261_838)],
)
def test_promises_that_are_owed_are_those_of_the_dyadic_file(
    mirror_home: Any, promise: str, n: int
) -> None:
    """Dyad-years with the promise in ATOP's own directed file."""
    rows = mirror_home.table("core.obligations")
    owed = rows.filter(owes(promise)).select("ccode_from", "ccode_to", "year").unique()
    assert owed.height == n
    if promise == "defense":
        back = {"left_on": ["ccode_from", "ccode_to", "year"],
                "right_on": ["ccode_to", "ccode_from", "year"]}  # fmt: skip
        assert owed.join(owed, how="anti", **back).height == 492
        assert rows.filter(defense=1).select("ccode_from", "ccode_to", "year").n_unique() == 137_975


def test_guarantees_to_others_end_before_1946_but_for_one_promise(mirror_home: Any) -> None:
    assumed = mirror_home.table("core.obligations").filter("is_partner_assumed")
    assert set(assumed["obvary"]) == {1}
    assert set(assumed.filter(pl.col("year") > 1945).select("atopid", "not_owed").rows()) == {
        (3322, "neutral")
    }


EUROPEAN_ALLIES = (
    200, 210, 211, 212, 220, 230, 235, 255, 290, 310, 316, 325, 350, 385, 390, 395,
)  # fmt: skip


@pytest.mark.parametrize(
    ("year", "as_coded", "without_eu"), [(2000, 0.92, 0.92), (2006, 0.95, 0.95), (2007, 0.25, 0.95)]
)
def test_the_independence_of_european_allies_is_not_what_the_union_signed(
    mirror_home: Any, year: int, as_coded: float, without_eu: float
) -> None:
    rows = mirror_home.table("metrics.security_hierarchy").filter(ccode_from=2, year=year)
    allies = rows.filter(pl.col("ccode_to").is_in(EUROPEAN_ALLIES))
    assert allies["independence_index"].mean() == pytest.approx(as_coded, abs=0.005)
    assert allies["independence_index_without_eu"].mean() == pytest.approx(without_eu, abs=0.005)


def test_two_joiners_have_no_interval(mirror_home: Any) -> None:
    counts = mirror_home.rows(
        "SELECT cohort_year, count(ci_low) > 0 FROM metrics.legitimation_event_study"
        " GROUP BY cohort_year ORDER BY cohort_year"
    )
    assert dict(counts) == {"1982": False, "1999": True, "2004": True, "2009": False, "all": True}


def test_voting_coincidence_is_of_all_recorded_votes_or_has_a_reason(mirror_home: Any) -> None:
    without = mirror_home.rows(
        "SELECT DISTINCT session FROM metrics.voting_coincidence"
        " WHERE null_reason = 'parts_not_in_source' ORDER BY session"
    )
    assert [session for (session,) in without] == [68, 69, 70, 73, 74, 75]
    pooled = mirror_home.rows(
        "SELECT session, 100.0 * sum(n_same) / sum(n_same + n_opposite),"
        " 100.0 * sum(n_same_final_only) / sum(n_same_final_only + n_opposite_final_only)"
        " FROM metrics.voting_coincidence WHERE is_sovereign AND formula = 'yes_no_only'"
        " AND vote_class = 'all' AND consensus = 'without' AND session IN (66, 71)"
        " GROUP BY session ORDER BY session"
    )
    for (session, recorded, final), expected in zip(
        pooled, [(66, 50.5, 35.6), (71, 54.9, 38.7)], strict=True
    ):
        assert (session, round(recorded, 1), round(final, 1)) == expected
