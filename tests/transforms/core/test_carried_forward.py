"""Who was a member when the list of states ended is one afterwards: nothing after it is an exit."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from flows.engine.coverage import coverages
from tests.transforms.trunk import (
    Trunk,
    build_trunk,
    read_reference,
    write_library_file,
    write_state_list,
    write_vote_file,
)
from transforms.core.dyad_sessions import build_dyad_sessions
from transforms.core.gdp import build_gdp
from transforms.core.us_troops import build_us_troops
from transforms.core.us_troops_hosts import COUNTS
from transforms.metrics.similarity.vote_similarity import build_vote_similarity
from transforms.rollcall_matrix import by_session
from warehouse.contracts.read import contracts

STATES = """
USA,2,State A,1950,1,1,2024,12,31
UKG,200,State B,1950,1,1,2024,12,31
GFR,260,State C,1955,5,5,1990,10,2
RUS,365,State D,1950,1,1,2024,12,31
"""
LAST_OF_THE_FILE = {"rcid": 9000, "session": 75, "date": "2020-12-01"}
IN_2025 = {"date": "2025-12-04", "session": 80}


def trunk(n_resolutions: int, states: str = STATES, **codes: str) -> Trunk:
    """The vote file to session 75, and that many resolutions of session 80 in the Library."""
    votes = write_vote_file(LAST_OF_THE_FILE | {"votes": {2: 3, 200: 2, 365: 1}})
    library = write_library_file(
        *(
            IN_2025
            | {"undl_id": 5_000_000 + n, "resolution": f"A/RES/80/{n + 1}"}
            | {"votes": {"USA": "N", "GBR": "A", "RUS": "Y", **codes}}
            for n in range(n_resolutions)
        )
    )
    return build_trunk(votes, library, write_state_list(states))


def test_a_vote_of_2025_is_that_of_a_sovereign_member_and_is_flagged() -> None:
    votes = trunk(1).tables["votes"].filter(session=80)
    assert votes["ccode"].to_list() == [2, 200, 365]
    assert votes["is_sovereign"].all()
    assert votes["sovereignty_reason"].null_count() == 3
    assert votes["is_membership_carried_forward"].all()


def test_a_vote_inside_the_list_is_not_flagged() -> None:
    votes = trunk(1).tables["votes"].filter(session=75)
    assert votes.height == 3
    assert not votes["is_membership_carried_forward"].any()


@pytest.mark.parametrize("n_resolutions", [81, 200])
def test_no_number_of_votes_after_the_list_stops_the_build(n_resolutions: int) -> None:
    votes = trunk(n_resolutions).tables["votes"]
    assert votes.filter(session=80)["is_sovereign"].sum() == 3 * n_resolutions


def test_who_left_before_the_list_ended_has_not_come_back() -> None:
    spells = trunk(1).tables["states"]
    assert dict(spells.select("ccode", "counts_to").iter_rows()) == {
        2: date(2100, 12, 31),
        200: date(2100, 12, 31),
        260: date(1990, 10, 2),
        365: date(2100, 12, 31),
    }
    assert spells.filter(ccode=260)["is_in_system_at_source_end"].to_list() == [False]


def test_a_list_that_runs_on_takes_its_end_with_it() -> None:
    later = STATES.replace("2024,12,31", "2025,12,31")
    left_in_2025 = "GRN,55,State E,1974,2,7,2025,6,30\n"
    spells = trunk(1, later + left_in_2025).tables["states"]
    assert spells.filter("is_in_system_at_source_end")["ccode"].to_list() == [2, 200, 365]
    assert spells.filter(ccode=55)["counts_to"].to_list() == [date(2025, 6, 30)]


def test_session_80_is_in_the_matrices_of_the_metrics() -> None:
    tables = trunk(3).tables
    found = {
        ballots.session: ballots.ccodes.tolist()
        for ballots in by_session(tables["votes"], tables["roll_calls"], tables["states"])
    }
    assert found == {75: [2, 200, 365], 80: [2, 200, 365]}
    votes, roll_calls, states = (tables[name] for name in ("votes", "roll_calls", "states"))
    dyads = build_dyad_sessions(votes=votes, roll_calls=roll_calls, states=states).tables[
        "core.dyad_sessions"
    ]
    assert dyads.filter(session=80).select("ccode1", "ccode2", "n_joint").rows() == [
        (2, 200, 3),
        (2, 365, 3),
        (200, 365, 3),
    ]
    similar = build_vote_similarity(votes=votes, roll_calls=roll_calls, states=states).tables[
        "metrics.vote_similarity"
    ]
    usa_russia = similar.filter(session=80, ccode1=2, ccode2=365, vote_set="final_only")
    assert usa_russia["agreement"].to_list() == [0.0]


# A yearly figure of 2025.

QUARTERS = "staging.stg_us_troops_quarterly__host_quarters"


@pytest.fixture(scope="module")
def states() -> pl.DataFrame:
    return trunk(1).tables["states"]


def troops(states: pl.DataFrame, *rows: tuple[int, str, int, int]) -> Any:
    schema = {"host_code": pl.Int32, "host_name": pl.String, "year": pl.Int16}
    keys = pl.DataFrame([r[:3] for r in rows], schema=schema, orient="row")
    persons = pl.Series("troops_persons", [r[3] for r in rows], dtype=pl.Int64)
    branches = [pl.lit(None, dtype=pl.Int64).alias(c) for c in COUNTS[1:]]
    return build_us_troops(
        host_years=keys.with_columns(persons, *branches),
        host_quarters=pl.DataFrame(schema=contracts()[QUARTERS].polars_schema),
        states=states,
        us_troops_hosts=read_reference("us_troops_hosts"),
        us_troops_quarterly_hosts=read_reference("us_troops_quarterly_hosts"),
    )


def test_troops_of_2025_are_kept_and_flagged(states: pl.DataFrame) -> None:
    outcome = troops(states, (200, "State B", 2024, 10), (200, "State B", 2025, 11))
    table = outcome.tables["core.us_troops"]
    flagged = table.select("year", "troops_persons", "is_membership_carried_forward").rows()
    assert flagged == [(2024, 10, False), (2025, 11, True)]
    assert outcome.losses.is_empty()


def test_a_state_that_is_gone_has_no_figure_of_2025(states: pl.DataFrame) -> None:
    schema = {"entity_code": pl.String, "year": pl.Int16, "gdp_usd": pl.Float64}
    rows = [("USA", 2025, 5.0), ("GBR", 2024, 3.0), ("DDD", 2025, 1.0)]
    aliases = read_reference("state_aliases")
    gone = aliases.filter(pl.col("code") == "USA", pl.col("scheme") == "iso3").with_columns(
        ccode=pl.lit("260"), code=pl.lit("DDD")
    )
    outcome = build_gdp(
        entity_years=pl.DataFrame(rows, schema=schema, orient="row"),
        states=states,
        state_aliases=pl.concat([aliases, gone]),
        gdp_entities=read_reference("gdp_entities"),
    )
    table = outcome.tables["core.gdp"].select("ccode", "year", "is_membership_carried_forward")
    assert table.rows() == [(2, 2025, True), (200, 2024, False)]
    assert outcome.losses.select("reason", "ccode").rows() == [("not_in_system", 260)]


def test_the_declared_end_is_the_one_that_counts() -> None:
    covered = coverages(("cow_states",))["cow_states"]
    assert covered.end(date(2020, 1, 1)) == date(2024, 12, 31)
    assert covered.end(date(2025, 12, 31)) == date(2025, 12, 31)
