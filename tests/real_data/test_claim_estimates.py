"""Estimates behind the claims, on the real files: figures named beforehand, and today's."""

import polars as pl
import pytest

from tests.built_homes import BuiltHome

Row = dict[str, object]


def cell(home: BuiltHome, table: str, **where: object) -> Row:
    rows = home.table(table).filter(leader=2, **where)
    return rows.row(0, named=True)


def test_the_rise_of_asymmetry_has_sixty_leaders_and_its_interval_holds_0(
    mirror_home: BuiltHome,
) -> None:
    primary = {"design": "alliance_year", "variable": "cinc", "q": 3, "period": "from 1946"}
    found = cell(mirror_home, "metrics.asymmetric_rise", **primary)
    assert found["n_clusters"] == 60
    figures = (found["estimate"], found["std_error"], found["ci_low"], found["ci_high"])
    assert figures == pytest.approx((1.0183, 0.5992, -0.3399, 2.3765), abs=5e-5)


def test_drawing_leaders_gives_the_interval_that_was_found_with_other_draws(
    mirror_home: BuiltHome,
) -> None:
    primary = {"design": "alliance_year_drawn", "variable": "cinc", "q": 3, "period": "from 1946"}
    found = cell(mirror_home, "metrics.asymmetric_rise", **primary)
    # [-.18, 1.99]: two sets of 2,000 draws differ by as much as their Monte Carlo error
    assert (found["ci_low"], found["ci_high"]) == pytest.approx((-0.18, 1.99), abs=0.05)


def test_no_cell_of_the_rise_falls(mirror_home: BuiltHome) -> None:
    rise = mirror_home.table("metrics.asymmetric_rise")
    cells = rise.filter(pl.col("design") != "alliance_year_drawn")
    assert (cells["ci_high"] < 0).sum() == 0
    assert cells["null_reason"].null_count() == cells.height


def test_leaders_are_bound_more_in_writing_and_partners_owe_no_diplomatic_support_beyond(
    mirror_home: BuiltHome,
) -> None:
    primary = {"sample": "all", "item": "defense", "q": 3, "formed": "all"}
    table = "metrics.written_balance"
    found = cell(mirror_home, table, statistic="balance", **primary)
    figures = (found["estimate"], found["ci_low"], found["ci_high"])
    assert figures == pytest.approx((0.1225, -0.0075, 0.2524), abs=5e-5)
    assert (found["n"], found["n_clusters"]) == (166, 28)
    own = cell(mirror_home, table, statistic="leader_share", **primary)
    assert own["estimate"] == pytest.approx(163 / 166)
    political = cell(mirror_home, table, statistic="balance", **primary | {"item": "dipaid"})
    assert (political["estimate"], political["n"], political["inference"]) == (0.0, 161, "exact")


def test_of_russia_s_alliances_one_in_forty_binds_the_leader_more(mirror_home: BuiltHome) -> None:
    rows = mirror_home.table("metrics.written_balance").filter(
        leader=365, sample="own", statistic="balance", item="defense", q=3, formed="all"
    )
    assert rows["estimate"].to_list() == pytest.approx([1 / 42])


def test_partners_in_asia_are_tied_less_than_those_in_europe(mirror_home: BuiltHome) -> None:
    primary = {"design": "between_regions", "region_other": "europe", "weighting": "years"}
    found = cell(mirror_home, "metrics.spoke_contrast", period="1955-2018", **primary)
    assert found["estimate"] == pytest.approx(-0.845, abs=5e-4)
    figures = (found["estimate"], found["ci_low"], found["ci_high"])
    assert figures == pytest.approx((-0.845252, -0.979927, -0.710578), abs=5e-6)
    assert (found["p_value"], found["n"]) == (pytest.approx(0.001), 64)


def test_the_contrast_is_that_of_the_network_s_own_densities(mirror_home: BuiltHome) -> None:
    network = mirror_home.table("metrics.alliance_network").filter(
        pl.col("ccode_hub") == 2, pl.col("year").is_between(1955, 2018)
    )
    means = network.group_by("graph").agg(pl.col("spoke_density").mean())
    by_graph = dict(means.iter_rows())
    primary = {"design": "between_regions", "region_other": "europe", "weighting": "years"}
    found = cell(mirror_home, "metrics.spoke_contrast", period="1955-2018", **primary)
    assert found["estimate"] == pytest.approx(by_graph["asia_pacific"] - by_graph["europe"])


def test_the_elasticity_of_burdens_in_the_cold_war(mirror_home: BuiltHome) -> None:
    primary = {"design": "within_alliance_year", "q": 3, "period": "1960-1991"}
    found = cell(mirror_home, "metrics.burden_elasticity", **primary)
    figures = (found["estimate"], found["ci_low"], found["ci_high"])
    assert figures == pytest.approx((0.160, 0.002, 0.319), abs=6e-4)
    assert (found["n"], found["n_clusters"]) == (741, 63)


def test_for_the_united_states_an_unwritten_duty_cannot_be_told_from_rio(
    mirror_home: BuiltHome,
) -> None:
    dipaid = cell(mirror_home, "metrics.unwritten_allegiance", item="dipaid")
    assert (dipaid["n_partners"], dipaid["n_written"]) == (72, 22)
    assert (dipaid["is_rio"], dipaid["atopid"]) == (True, 3075)
    assert (dipaid["estimate"], dipaid["null_reason"]) == (None, "one_treaty")
    consul = cell(mirror_home, "metrics.unwritten_allegiance", item="consul")
    assert (consul["n_written"], consul["n_unwritten"]) == (71, 1)
    assert consul["null_reason"] == "n_below_min"


def test_allies_do_not_stand_out_more_where_a_coalition_was_less_popular(
    mirror_home: BuiltHome,
) -> None:
    primary = {"tier": "core", "specification": "firth_aspirant"}
    found = cell(mirror_home, "metrics.coalition_unpopularity", **primary)
    figures = (found["estimate"], found["ci_low"], found["ci_high"])
    assert figures == pytest.approx((-0.0217, -1.5501, 1.6151), abs=5e-4)
    assert (found["n"], found["p_value"]) == (5, pytest.approx(0.95))
    effects = mirror_home.table("metrics.coalition_effect").filter(leader=2, **primary)
    counts = {
        row["coalition"]: (row["n_ally_support"], row["n_ally_none"], row["n_other_support"])
        for row in effects.drop_nulls("estimate").iter_rows(named=True)
    }
    assert counts == {
        **{"daesh": (29, 3, 21), "gulf_1991": (15, 5, 23), "iraq_2003": (15, 8, 25)},
        **{"kosovo_1999": (12, 11, 0), "libya_2011": (13, 19, 4)},
    }


def test_hazards_and_logits_have_scores_with_the_sign_of_their_estimates(
    mirror_home: BuiltHome,
) -> None:
    for name in ("alliance_duration", "coalition_model"):
        scores = mirror_home.table(f"metrics.{name}_score")
        key = [c for c in scores.columns if c not in ("cluster", "score")]
        sums = scores.group_by(key).agg(pl.col("score").sum())
        estimates = mirror_home.table(f"metrics.{name}").drop_nulls("estimate")
        both = estimates.join(sums, on=key, how="inner", validate="1:1")
        assert both.height == sums.height
        clear = both.filter(pl.col("p_value") < 0.5)
        assert clear.filter(pl.col("estimate").sign() != pl.col("score").sign()).is_empty(), name


def test_scores_say_what_estimates_say(mirror_home: BuiltHome) -> None:
    """With no effect imposed, the sum of a cell's scores has the sign of its estimate."""
    for name in ("asymmetric_rise", "written_balance", "burden_elasticity"):
        estimates = mirror_home.table(f"metrics.{name}").drop_nulls("estimate")
        scores = mirror_home.table(f"metrics.{name}_score")
        key = [c for c in scores.columns if c not in ("cluster", "score")]
        sums = scores.group_by(key).agg(pl.col("score").sum(), pl.len())
        both = estimates.join(sums, on=key, how="inner", validate="1:1")
        clear = both.filter(pl.col("p_value") < 0.5)
        assert clear.filter(pl.col("estimate").sign() != pl.col("score").sign()).is_empty(), name
        assert both.filter(pl.col("len") != pl.col("n_clusters")).is_empty(), name
