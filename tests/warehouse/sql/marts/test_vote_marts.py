"""marts.roll_call, marts.state_session and marts.dyad_session over a small world."""

from datetime import date

import polars as pl
import pytest

from transforms.core.dyad_sessions import build_dyad_sessions
from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql, run_mart, tables_read_by

CHOICES = {"y": "yes", "a": "abstain", "n": "no", ".": "absent", "-": "not_member"}
CHOICES |= {"?": "no_row", "d": "seat_disputed"}

# Session 10 (1955) has four roll calls, session 74 (2019) two.
SESSION_OF = {1: 10, 2: 10, 3: 10, 4: 10, 5: 74, 6: 74}
NOT_FINAL = {4}
VOTES = {
    2: "yna.yn",
    20: "ynayyn",
    200: "nna.yy",
    365: "ny.nny",
    370: "nynn  ",  # votes with 365 before it is in the system
    345: "ayyaay",
    710: "----nn",
    740: "..--ya",
    552: "??.n--",
    560: "dddd??",
}
NOT_SOVEREIGN = {370}
STATES = [
    (2, "USA", "United States", "americas", (1816, 1, 1), (2024, 12, 31)),
    (20, "CAN", "Canada", "americas", (1920, 1, 10), (2024, 12, 31)),
    (200, "UKG", "United Kingdom", "europe", (1816, 1, 1), (2024, 12, 31)),
    (345, "YUG", "Yugoslavia", "europe", (1878, 7, 13), (2006, 6, 3)),
    (345, "SRB", "Serbia", "europe", (2006, 6, 3), (2024, 12, 31)),
    (365, "RUS", "Russia", "europe", (1816, 1, 1), (2024, 12, 31)),
    (370, "BLR", "Belarus", "europe", (1991, 8, 25), (2024, 12, 31)),
    (552, "ZIM", "Zimbabwe", "sub_saharan_africa", (1950, 1, 1), (2024, 12, 31)),
    (560, "SAF", "South Africa", "sub_saharan_africa", (1920, 1, 10), (2024, 12, 31)),
    (710, "CHN", "China", "asia_pacific", (1860, 8, 25), (2024, 12, 31)),
    (740, "JPN", "Japan", "asia_pacific", (1952, 4, 28), (2024, 12, 31)),
    (817, "RVN", "Republic of Vietnam", "asia_pacific", (1954, 6, 4), (1975, 4, 30)),
]
PLEDGES = [
    # from, to, year, defense, offense, neutral, nonagg, consul
    (2, 20, 1955, 1, 0, 0, 0, 1),
    (20, 2, 1955, 1, 0, 0, 0, 1),
    (2, 740, 1955, 1, 0, 0, 0, 1),
    (740, 2, 1955, 0, 0, 0, 0, 1),
    (365, 345, 1955, 0, 0, 0, 1, 0),
    (2, 740, 2018, 1, 0, 0, 0, 1),
]
TO_ANOTHER = (365, 560, 1955, 1, 0, 0, 0, 0, "defense")
"""A promise of defence that the treaty owes to another partner than this one."""


def core() -> dict[str, pl.DataFrame]:
    votes = pl.DataFrame(
        [
            (place + 1, ccode, SESSION_OF[place + 1], CHOICES[c], ccode not in NOT_SOVEREIGN)
            for ccode, letters in VOTES.items()
            for place, c in enumerate(letters)
            if c != " "
        ],
        schema=["rcid", "ccode", "session", "choice", "is_sovereign"],
        orient="row",
    ).with_columns(pl.col("ccode", "session").cast(pl.Int16), pl.col("rcid").cast(pl.Int32))
    nullable = [c for c in contracts()["core.roll_calls"].columns if c.null_when]
    published = [c for c in nullable if c.name != "session"]
    counted = votes.group_by("rcid").agg(
        pl.col("session").first(),
        n_yes=(pl.col("choice") == "yes").sum(),
        n_abstain=(pl.col("choice") == "abstain").sum(),
        n_no=(pl.col("choice") == "no").sum(),
    )
    roll_calls = counted.with_columns(
        vote_month=date(1955, 10, 1),
        date_precision=pl.lit("month"),
        year=pl.lit(1955),
        importance_basis=pl.lit("out_of_coverage"),
        in_final_only=~pl.col("rcid").is_in(NOT_FINAL),
        in_final_strict=~pl.col("rcid").is_in(NOT_FINAL),
        in_final_only_as_listed=~pl.col("rcid").is_in(NOT_FINAL),
        in_all_recorded=pl.lit(True),
        ballot_id=pl.col("rcid"),
        is_unanimous=pl.lit(False),
        source=pl.lit("un_votes"),
        **{c.name: pl.lit(None, dtype=c.polars_type) for c in published},
    )
    states = pl.DataFrame(
        [(*row[:4], date(*row[4]), date(*row[5])) for row in STATES],
        schema=["ccode", "state_abb", "state_name", "region", "valid_from", "valid_to"],
        orient="row",
        schema_overrides={"ccode": pl.Int16},
    ).with_columns(counts_to="valid_to")
    obligations = pl.DataFrame(
        [(*pledge, None) for pledge in PLEDGES] + [TO_ANOTHER],
        schema=[
            *("ccode_from", "ccode_to", "year"),
            *("defense", "offense", "neutral", "nonagg", "consul", "not_owed"),
        ],
        orient="row",
        schema_overrides={"not_owed": pl.String},
    )
    ally_tier = pl.DataFrame(
        [
            (2, ccode, year, ccode == 20, ccode == 20, year < 2019 or None, ccode == 20, False)
            for ccode in VOTES
            if ccode != 2
            for year in (1955, 2019)
        ]
        + [(365, 20, 1955, None, None, False, None, False)],
        schema=[
            *("ccode_hegemon", "ccode", "year"),
            *("tier_core", "tier_treaty", "tier_atop", "tier_guarantee", "is_cofa"),
        ],
        orient="row",
    )
    dyads = build_dyad_sessions(votes=votes, roll_calls=roll_calls, states=states)
    return {
        "core.votes": votes,
        "core.roll_calls": roll_calls,
        "core.states": states,
        "core.obligations": obligations,
        "core.dyad_sessions": dyads.tables["core.dyad_sessions"],
        "marts.ally_tier": ally_tier,
    }


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    """The three marts, each as its contract has it, made from parquet files."""
    folder, paths, made = tmp_path_factory.mktemp("steps"), {}, {}

    def store(name, frame):
        paths[name] = folder / f"{name}.parquet"
        frame.write_parquet(paths[name])

    for name, frame in core().items():
        store(name, frame)
    for name in ("marts.roll_call", "marts.state_session", "marts.dyad_session"):
        inputs = {t: paths[t] for t in tables_read_by(mart_sql(name))}
        made[name] = contracts()[name].conform(run_mart(name, inputs))
        store(name, made[name])
    return made


def check_contract(table, frame):
    """No NULL, code or range that the contract does not allow; the key is unique."""
    contract = contracts()[table]
    assert frame.select(contract.key).is_unique().all()
    for column in contract.columns:
        values = frame[column.name]
        assert column.null_when or values.null_count() == 0, column.name
        assert not column.codes or set(values.drop_nulls()) <= set(column.codes), column.name
        if column.minimum is not None:
            assert values.drop_nulls().is_between(column.minimum, column.maximum or 1e9).all()


@pytest.mark.parametrize("table", ["marts.roll_call", "marts.state_session", "marts.dyad_session"])
def test_marts_keep_their_contracts(marts, table):
    check_contract(table, marts[table])


def test_support_counts_sovereign_states_that_voted(marts):
    first = marts["marts.roll_call"].row(by_predicate=pl.col("rcid") == 1, named=True)
    # 20 with it; 200, 365 against, 345 abstains; 370 is not sovereign, 740 absent
    assert (first["n_with_usa"], first["n_beside_usa"], first["usa_support_share"]) == (1, 4, 0.25)
    assert (first["n_yes"], first["n_no"], first["n_absent"]) == (2, 3, 1)
    choices = [first[f"choice_{name}"] for name in ("usa", "uk", "france", "russia", "china")]
    assert choices == ["yes", "no", None, "no", "not_member"]


def test_support_is_null_where_the_united_states_did_not_vote_yes_or_no(marts):
    support = marts["marts.roll_call"].select("rcid", "choice_usa", "n_with_usa", "n_beside_usa")
    by_rcid = {row[0]: row[1:] for row in support.rows()}
    assert by_rcid[3] == ("abstain", None, None)
    assert by_rcid[4] == ("absent", None, None)


def state(marts, ccode, session):
    frame = marts["marts.state_session"]
    return frame.filter(ccode=ccode, session=session).row(0, named=True)


def test_a_state_session_counts_choices_while_a_member(marts):
    usa = state(marts, 2, 10)
    assert [usa[c] for c in ("n_yes", "n_abstain", "n_no", "n_absent")] == [1, 1, 1, 1]
    assert (usa["n_roll_calls"], usa["n_member"], usa["n_voted"]) == (4, 4, 3)
    assert (usa["n_voted_final_only"], usa["participation_share"]) == (3, 0.75)
    assert (usa["year"], usa["tier_core"], usa["null_reason"]) == (1955, None, None)
    canada = state(marts, 20, 10)
    assert (canada["n_voted"], canada["n_voted_final_only"]) == (4, 3)
    assert (canada["tier_core"], canada["tier_atop"]) == (True, True)
    assert state(marts, 20, 74)["tier_atop"] is None


def test_who_is_in_a_session(marts):
    sessions = marts["marts.state_session"].group_by("session").agg("ccode")
    present = {session: set(ccodes) for session, ccodes in sessions.rows()}
    # 370 by its votes in 1955, by membership of the system in 2019; 817 ended in 1975
    assert present[10] == {2, 20, 200, 345, 365, 370, 552, 560, 710, 740, 817}
    assert present[74] == {2, 20, 200, 345, 365, 370, 552, 560, 710, 740}
    belarus = state(marts, 370, 10)
    assert (belarus["is_in_state_system"], belarus["n_not_sovereign"]) == (False, 4)
    assert belarus["state_name"] == "Belarus"


def test_null_reasons_of_a_state_session(marts):
    assert state(marts, 817, 10)["null_reason"] == "not_member"
    assert state(marts, 817, 10)["participation_share"] is None
    assert state(marts, 740, 10)["null_reason"] == "absent_all"
    assert (state(marts, 740, 10)["n_member"], state(marts, 740, 10)["n_absent"]) == (2, 2)


def test_unknown_votes_and_disputed_seats_of_a_state_session(marts):
    columns = ["is_un_member", "n_member", "n_no_row", "n_seat_disputed", "participation_share"]
    found = {
        (ccode, session): [state(marts, ccode, session)[c] for c in [*columns, "null_reason"]]
        for ccode in (552, 560)
        for session in (10, 74)
    }
    assert found == {
        # one vote and one absence are known of four roll calls
        (552, 10): [True, 4, 2, 0, 0.5, None],
        (552, 74): [False, 0, 0, 0, None, "not_member"],
        (560, 10): [True, 0, 0, 4, None, "seat_disputed"],
        (560, 74): [True, 2, 2, 0, None, "no_row"],
    }
    second = marts["marts.roll_call"].row(by_predicate=pl.col("rcid") == 2, named=True)
    assert (second["n_no_row"], second["n_seat_disputed"]) == (1, 1)


def test_names_are_those_of_the_sessions_year(marts):
    assert state(marts, 345, 10)["state_name"] == "Yugoslavia"
    assert state(marts, 345, 74)["state_name"] == "Serbia"


def dyad(marts, ccode1, ccode2, session):
    frame = marts["marts.dyad_session"]
    return frame.filter(ccode1=ccode1, ccode2=ccode2, session=session).row(0, named=True)


def test_a_dyad_session_keeps_every_dyad_of_core(marts):
    assert marts["marts.dyad_session"].height == 11 * 10 // 2 + 10 * 9 // 2
    got = dyad(marts, 2, 200, 10)
    assert [got[c] for c in ("n_joint", "n_same", "n_partial", "n_opposite")] == [3, 2, 0, 1]
    assert (got["state_name1"], got["state_name2"]) == ("United States", "United Kingdom")
    assert got["is_same_region"] is False
    assert dyad(marts, 2, 20, 10)["is_same_region"] is True


def test_defence_is_directed(marts):
    japan = dyad(marts, 2, 740, 10)
    assert (japan["is_defense_owed_1_to_2"], japan["is_defense_owed_2_to_1"]) == (True, False)
    canada = dyad(marts, 2, 20, 10)
    assert (canada["is_defense_owed_1_to_2"], canada["is_defense_owed_2_to_1"]) == (True, True)
    yugoslavia = dyad(marts, 345, 365, 10)
    assert (yugoslavia["is_defense_owed_2_to_1"], yugoslavia["is_allied"]) == (False, True)
    assert dyad(marts, 2, 365, 10)["is_allied"] is False


def test_defence_that_is_owed_to_others_is_no_tie(marts):
    south_africa = dyad(marts, 365, 560, 10)
    assert (south_africa["is_defense_owed_1_to_2"], south_africa["is_allied"]) == (False, False)


def test_alliances_are_null_after_the_last_year_of_the_source(marts):
    frame = marts["marts.dyad_session"].filter(session=74)
    assert frame["is_allied"].null_count() == frame.height
    assert frame["is_defense_owed_1_to_2"].null_count() == frame.height


def test_marts_read_no_metric():
    for name in ("marts.roll_call", "marts.state_session", "marts.dyad_session"):
        assert "metrics." not in mart_sql(name)
