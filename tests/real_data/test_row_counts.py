"""The real files, whole: everything arrives, and nothing is lost without a reason."""

from typing import Any

import pytest

from transforms.choices import CHOICES


@pytest.mark.parametrize(
    ("table", "n_rows"),
    [
        ("staging.stg_un_votes__votes", 1_234_275),
        ("staging.stg_un_votes__roll_calls", 6_299),
        ("staging.stg_cow_capabilities__state_years", 17_121),
        ("staging.stg_atop__members", 2_510),
        ("staging.stg_un_ideal_points__state_years", 11_610),
        ("staging.stg_undl_votes__votes", 236_021),
        ("staging.stg_cow_states__spells", 244),
        ("core.roll_calls", 6_299),
        ("core.capabilities", 17_121),
        ("staging.stg_vdem__country_years", 27_913),
        ("staging.stg_cow_distance__dyad_years", 952_244),
        ("core.regimes", 16_562),
        ("core.capitals", 242),
        ("core.trade", 13_077),
        ("core.contiguity", 847),
        ("core.distances", 952_244),
        ("core.rivalries", 182),
        ("core.disputes", 4_642),
    ],
)
def test_row_counts(mirror_home: Any, table: str, n_rows: int) -> None:
    assert mirror_home.rows(f"SELECT count(*) FROM {table}") == [(n_rows,)]


@pytest.mark.parametrize(
    ("staged", "core"),
    [
        ("staging.stg_un_votes__votes", "core.votes"),
        ("staging.stg_un_votes__roll_calls", "core.roll_calls"),
        ("staging.stg_cow_capabilities__state_years", "core.capabilities"),
        ("staging.stg_atop__members", "core.alliance_members"),
        ("staging.stg_gdp__entity_years", "core.gdp"),
        ("staging.stg_un_ideal_points__state_years", "core.ideal_points_published"),
        ("staging.stg_vdem__country_years", "core.regimes"),
        ("staging.stg_cow_capitals__capitals", "core.capitals"),
        ("staging.stg_cow_trade__state_years", "core.trade"),
        ("staging.stg_cow_contiguity__directed_spells", "core.contiguity"),
        ("staging.stg_cow_distance__dyad_years", "core.distances"),
        ("staging.stg_strategic_rivalries__rivalries", "core.rivalries"),
        ("staging.stg_disputes__directed_dyad_years", "core.disputes"),
    ],
)
def test_every_staged_row_is_in_core_or_counted_as_lost(
    mirror_home: Any, staged: str, core: str
) -> None:
    ((n_staged,),) = mirror_home.rows(f"SELECT count(*) FROM {staged}")
    ((n_lost,),) = mirror_home.rows(
        "SELECT coalesce(sum(n_rows), 0)::BIGINT FROM meta.row_losses"
        f" WHERE from_table = '{staged}' AND to_table = '{core}'"
    )
    # cells of members that the vote file lacks have a row in core, and none in the file
    added = " WHERE ccode_source IS NOT NULL" if core == "core.votes" else ""
    ((n_core,),) = mirror_home.rows(f"SELECT count(*) FROM {core}{added}")
    assert n_staged == n_core + n_lost


@pytest.mark.parametrize(
    ("source", "staged"),
    [("us_troops", "host_years"), ("us_troops_quarterly", "host_quarters")],
)
def test_every_row_of_a_series_of_troops_is_in_core_or_lost(
    mirror_home: Any, source: str, staged: str
) -> None:
    name = f"staging.stg_{source}__{staged}"
    ((n_staged,),) = mirror_home.rows(f"SELECT count(*) FROM {name}")
    ((n_lost,),) = mirror_home.rows(
        f"SELECT sum(n_rows)::BIGINT FROM meta.row_losses WHERE from_table = '{name}'"
    )
    ((n_core,),) = mirror_home.rows(
        f"SELECT count(*) FROM core.us_troops WHERE source = '{source}'"
    )
    assert n_staged == n_core + n_lost


def test_a_lost_row_has_a_reason(mirror_home: Any) -> None:
    assert mirror_home.rows("SELECT * FROM meta.row_losses WHERE reason = ''") == []


def test_votes_have_the_states_of_their_definition(mirror_home: Any) -> None:
    found = {choice for (choice,) in mirror_home.rows("SELECT DISTINCT choice FROM core.votes")}
    assert found == set(CHOICES)


def test_no_vote_has_a_day_before_days_are_known(mirror_home: Any) -> None:
    days = mirror_home.rows(
        "SELECT count(*) FROM core.roll_calls"
        " WHERE (vote_date IS NOT NULL OR date_precision <> 'month') AND session < 58"
    )
    assert days == [(0,)]
    known = mirror_home.rows(
        "SELECT count(*) FROM core.roll_calls WHERE vote_date IS NULL AND session >= 58"
    )
    assert known == [(0,)]


@pytest.mark.parametrize("schema", ["core", "marts", "metrics"])
def test_keys_are_unique_in_the_published_file(mirror_home: Any, schema: str) -> None:
    from warehouse.contracts.read import contracts

    for contract in contracts().values():
        if contract.schema_name == schema:
            key = ", ".join(contract.key)
            repeated = mirror_home.rows(
                f"SELECT {key} FROM {contract.table} GROUP BY {key} HAVING count(*) > 1 LIMIT 3"
            )
            assert repeated == [], contract.table


def test_every_rule_was_evaluated_and_no_critical_one_broke(mirror_home: Any) -> None:
    tables = mirror_home.rows(
        "SELECT DISTINCT table_name FROM meta.dictionary WHERE table_name NOT LIKE 'meta.%'"
        " AND relation_kind = 'table'"
        " EXCEPT SELECT table_name FROM meta.validation_results"
    )
    assert tables == []
    broken = mirror_home.rows(
        "SELECT table_name, expectation FROM meta.validation_results"
        " WHERE severity = 'critical' AND NOT passed"
    )
    assert broken == []


def test_warnings_have_their_rows_in_quarantine(mirror_home: Any) -> None:
    without = mirror_home.rows(
        """
        SELECT table_name, expectation FROM meta.validation_results AS r
        WHERE severity = 'warning' AND NOT passed AND n_failed > 0 AND NOT EXISTS (
            SELECT 1 FROM meta.quarantine AS q
            WHERE q.table_name = r.table_name AND q.expectation = r.expectation)
        """
    )
    assert without == []


def test_lineage_leads_from_every_metric_to_a_url(mirror_home: Any) -> None:
    without = mirror_home.rows(
        """
        WITH RECURSIVE upstream(metric, input_kind, input_name) AS (
            SELECT table_name, input_kind, input_name FROM meta.lineage
            WHERE table_name LIKE 'metrics.%'
            UNION
            SELECT metric, l.input_kind, l.input_name
            FROM upstream AS u JOIN meta.lineage AS l ON l.table_name = u.input_name
        )
        SELECT DISTINCT metric FROM meta.lineage, (SELECT DISTINCT metric FROM upstream) AS m
        EXCEPT
        SELECT metric FROM upstream AS u JOIN meta.snapshots AS s ON s.snapshot_id = u.input_name
        WHERE s.url LIKE 'http%'
        """
    )
    assert without == []


def test_real_files_are_not_called_simulated(mirror_home: Any) -> None:
    assert mirror_home.rows("SELECT profile, is_simulated FROM meta.builds") == [("mirror", False)]
    assert "SIMULATED" not in mirror_home.output


def test_no_hand_coded_list_names_an_unknown_state(mirror_home: Any) -> None:
    """On the real list of states, a lost row of ours is a mistyped code."""
    lost = mirror_home.rows(
        "SELECT * FROM meta.row_losses"
        " WHERE from_table LIKE 'reference.%' AND reason = 'not_in_system'"
    )
    assert lost == []


def test_bases_and_construction_of_the_united_states(mirror_home: Any) -> None:
    assert mirror_home.rows(
        "SELECT count(*), count(DISTINCT ccode_to), count(*) FILTER (is_base) FROM core.us_bases"
    ) == [(375, 78, 223)]
    assert mirror_home.rows(
        "SELECT count(*), count(DISTINCT ccode_to), sum(construction_usd) FROM core.us_construction"
    ) == [(142, 27, 14_328_925_000)]
    lost = mirror_home.rows(
        "SELECT reason, sum(n_rows)::BIGINT FROM meta.row_losses"
        " WHERE to_table = 'core.us_bases' GROUP BY reason ORDER BY reason"
    )
    assert lost == [("duplicate_row", 1), ("home_country", 31), ("not_in_system", 7)]
