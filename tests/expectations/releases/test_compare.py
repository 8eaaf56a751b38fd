"""What a release may have lost or changed, kind by kind, and what is no finding."""

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.releases.bounds import release_bounds
from expectations.releases.compare import NotComparableError, compare_table
from expectations.releases.findings import Finding
from expectations.releases.layout import TableLayout, layout_of
from expectations.releases.revisions import Tolerances

TABLE = "staging.stg_gdp__entity_years"
COLUMNS = ("entity_code", "entity_name", "year", "gdp_usd", "score", "vote")
LAYOUT = layout_of(TABLE, ("entity_code", "year"), COLUMNS)
TOLERANCES = Tolerances(revision=1e-9, factor=5)

Change = Callable[[pl.DataFrame], pl.DataFrame]


def world(n_states: int = 200, first: int = 1945, last: int = 2024) -> pl.DataFrame:
    """States by year, with a quantity, a score of both signs, and a code."""
    states = pl.DataFrame({"state": range(n_states)})
    years = pl.DataFrame({"year": range(first, last + 1)}, schema={"year": pl.Int16})
    state, year = pl.col("state"), pl.col("year").cast(pl.Int64)
    return states.join(years, how="cross").select(
        entity_code=pl.format("S{}", state.cast(pl.String).str.zfill(3)),
        entity_name=pl.format("State {}", state),
        year="year",
        gdp_usd=(1e9 * (state + 1) * (1 + (year - first) / 50)),
        score=((state - n_states / 2) / 20 + (year % 5) / 100),
        vote=((state + year) % 3 + 1).cast(pl.Int16),
    )


def compare(
    change: Change, before: pl.DataFrame | None = None, layout: TableLayout = LAYOUT
) -> dict[tuple[str, str | None], Finding]:
    """What is found after a change, by kind and column."""
    was = world() if before is None else before
    found = compare_table(was, change(was), layout, TOLERANCES)
    assert len({(f.kind, f.column) for f in found}) == len(found)
    return {(f.kind, f.column): f for f in found}


def of_states(n: int) -> pl.Expr:
    return pl.col("entity_code") < f"S{n:03d}"


def where(rows: pl.Expr, **values: pl.Expr) -> Change:
    """Other values in some rows."""
    return lambda d: d.with_columns(
        pl.when(rows).then(value).otherwise(pl.col(name)).cast(d.schema[name]).alias(name)
        for name, value in values.items()
    )


def test_the_same_rows_in_another_order_lose_nothing() -> None:
    assert compare(lambda d: d.sample(fraction=1, shuffle=True, seed=1)) == {}


def test_what_a_release_adds_is_no_finding() -> None:
    assert compare(lambda d: d, world(last=2020)) == {}
    added = compare(lambda _: world(n_states=210, first=1940), world())
    assert {kind for kind, _ in added} <= {"values_revised", "series_rewritten"}  # other figures
    more = world(last=2020)
    assert compare_table(more, pl.concat([more, world(first=2021)]), LAYOUT, TOLERANCES) == []


def test_a_release_without_2000_to_2023_of_20_states_is_told_with_its_keys() -> None:
    """F7: 3 % of the rows pass every gate."""
    gone = of_states(20) & pl.col("year").is_between(2000, 2023)
    found = compare(lambda d: d.filter(~gone))
    lost = found["keys_lost", None]
    assert (lost.n_found, lost.n_compared) == (480, 16_000)
    assert lost.share == pytest.approx(0.03)
    assert [e["entity_code"] for e in lost.examples] == [f"S{n:03d}" for n in range(20)]
    assert lost.examples[0] == {"entity_code": "S000", "n": 24, "first": 2000, "last": 2023}
    assert found["rows_lost", None].n_found == 480
    assert ("series_shortened", None) not in found  # 2024 is still there
    assert {f.severity for f in release_bounds("gdp").judge(found.values())} == {"warning"}


def test_beyond_a_bound_the_same_loss_stops() -> None:
    gone = of_states(40) & pl.col("year").is_between(2000, 2023)
    judged = release_bounds("gdp").judge(compare(lambda d: d.filter(~gone)).values())
    (lost,) = [finding for finding in judged if finding.kind == "keys_lost"]
    assert (lost.severity, lost.bound) == ("critical", 0.05)
    assert "broken file" in lost.why


def test_a_state_that_vanishes_is_a_lost_series() -> None:
    gone = compare(lambda d: d.filter(pl.col("entity_code") != "S007"))["series_lost", None]
    assert (gone.n_found, gone.n_compared) == (1, 200)
    assert gone.examples == ({"entity_code": "S007", "n": 80, "first": 1945, "last": 2024},)


def test_a_state_whose_numbers_are_all_null_has_vanished_too() -> None:
    none = pl.lit(None, pl.Float64)
    found = compare(where(pl.col("entity_code") == "S007", gdp_usd=none, score=none))
    assert found["series_lost", None].n_found == 1
    assert found["values_lost", "gdp_usd"].n_found == 80
    assert ("keys_lost", None) not in found


def test_series_that_end_earlier_and_years_that_are_gone() -> None:
    found = compare(lambda d: d.filter(pl.col("year") <= 2022))
    assert found["periods_lost", None].examples == ({"year": 2023}, {"year": 2024})
    shorter = found["series_shortened", None]
    assert (shorter.n_found, shorter.n_compared) == (200, 200)
    assert shorter.examples[0] == {
        "entity_code": "S000",
        "before": "1945 to 2024",
        "after": "1945 to 2022",
    }
    later = compare(lambda d: d.filter(~of_states(3) | (pl.col("year") > 1950)))
    assert later["series_shortened", None].n_found == 3


def test_a_year_that_is_gone_from_the_middle() -> None:
    found = compare(lambda d: d.filter(pl.col("year") != 1970))
    assert found["periods_lost", None].examples == ({"year": 1970},)
    assert ("series_shortened", None) not in found


def test_values_that_are_null_now_and_values_that_are_others() -> None:
    none, more = pl.lit(None, pl.Float64), pl.col("gdp_usd") * 1.5
    old = pl.col("year") < 1950
    assert compare(where(old, gdp_usd=none))["values_lost", "gdp_usd"].n_found == 1_000
    revised = compare(where(old, gdp_usd=more))["values_revised", "gdp_usd"]
    assert (revised.n_found, revised.n_compared) == (1_000, 16_000)
    first = revised.examples[0]
    assert first["after"] == pytest.approx(1.5 * first["before"])
    assert (first["n"], first["first"], first["last"]) == (5, 1945, 1949)
    renamed = compare(where(of_states(1), entity_name=pl.lit("Another name")))
    assert set(renamed) == {("texts_revised", "entity_name")}


def test_a_difference_within_the_tolerance_is_none() -> None:
    assert compare(where(of_states(200), gdp_usd=pl.col("gdp_usd") * (1 + 1e-12))) == {}
    loose = Tolerances(revision=0.1, factor=5)
    before = world()
    after = before.with_columns(pl.col("gdp_usd") * 1.09, pl.col("score") + 0.1)
    assert compare_table(before, after, LAYOUT, loose) == []


@pytest.mark.parametrize("factor", [1e-3, 1e3, 1e6, 1 / 6])
def test_one_state_in_another_unit(factor: float) -> None:
    recent = of_states(1) & (pl.col("year") >= 2000)
    found = compare(where(recent, gdp_usd=pl.col("gdp_usd") * factor))
    shifted = found["units_shifted", "gdp_usd"]
    assert (shifted.n_found, shifted.n_compared) == (1, 200)
    assert shifted.examples[0]["ratio"] == pytest.approx(factor)
    assert shifted.examples[0]["entity_code"] == "S000"


def test_a_whole_file_in_another_unit_stops() -> None:
    found = compare(where(of_states(200), gdp_usd=pl.col("gdp_usd") / 1e6))
    judged = {f.kind: f.severity for f in release_bounds("gdp").judge(found.values())}
    assert judged["units_shifted"] == "critical"


def test_a_new_base_year_is_no_other_unit() -> None:
    assert ("units_shifted", "gdp_usd") not in compare(
        where(of_states(5), gdp_usd=pl.col("gdp_usd") * 1.9)
    )


def test_signs_turned_round_from_a_year_on() -> None:
    found = compare(where(pl.col("year") >= 1990, score=-pl.col("score")))
    flipped = found["signs_flipped", "score"]
    # a value near 0 does not count: the smallest revision turns its sign
    far = (pl.col("score").abs() > pl.col("score").std() / 4) & (pl.col("year") >= 1990)
    of_many = world().with_columns(far=far).group_by("entity_code").agg(pl.col("far").sum())
    n_far = of_many.filter(pl.col("far") >= 80 / 5).height
    assert (flipped.n_found, flipped.n_compared) == (n_far, 200)
    assert n_far > 160
    assert flipped.examples[0]["n"] == 35
    judged = {f.kind: f.severity for f in release_bounds("un_ideal_points").judge(found.values())}
    assert judged["signs_flipped"] == "critical"


def test_values_near_zero_that_waver_are_no_turned_signs() -> None:
    wavering = pl.col("score").abs() < 0.2
    assert ("signs_flipped", "score") not in compare(where(wavering, score=-pl.col("score")))


def test_two_states_under_each_others_code() -> None:
    swapped = {"S010": "S150", "S150": "S010"}
    found = compare(lambda d: d.with_columns(pl.col("entity_code").replace(swapped)))
    rewritten = found["series_rewritten", None]
    assert {e["entity_code"] for e in rewritten.examples} == {"S010", "S150"}
    assert ("keys_lost", None) not in found


def test_a_column_that_may_grow_may_not_shrink() -> None:
    layout = layout_of("t", ("ccode",), ("ccode", "valid_to"), growing=["valid_to"])
    before = pl.DataFrame({"ccode": [2, 20], "valid_to": ["2016-12-31"] * 2}).with_columns(
        pl.col("valid_to").str.to_date()
    )
    later = before.with_columns(pl.col("valid_to").dt.offset_by("8y"))
    assert compare_table(before, later, layout, TOLERANCES) == []
    (found,) = compare_table(later, before, layout, TOLERANCES)
    assert (found.kind, found.n_found) == ("values_revised", 2)


def test_a_table_without_series_is_compared_by_its_keys() -> None:
    layout = layout_of("t", ("rcid",), ("rcid", "session", "n_yes"))
    before = pl.DataFrame({"rcid": range(40), "session": [1] * 40, "n_yes": range(1, 41)})
    after = before.filter(pl.col("rcid") != 5).with_columns(pl.col("n_yes") * 1000)
    found = {f.kind: f for f in compare_table(before, after, layout, TOLERANCES, ["n_yes"])}
    assert found["keys_lost"].examples == ({"rcid": 5},)
    assert found["units_shifted"].examples == ({"n": 39, "ratio": 1000.0},)
    assert found["units_shifted"].share == 1


def test_a_column_that_is_not_compared_is_none() -> None:
    layout = layout_of(TABLE, LAYOUT.key, COLUMNS, ignored=["gdp_usd", "vote"])
    assert compare(where(of_states(9), gdp_usd=pl.lit(1.0), vote=pl.lit(9)), layout=layout) == {}


def test_another_key_cannot_be_compared() -> None:
    with pytest.raises(NotComparableError, match="year"):
        compare(lambda d: d.rename({"year": "session"}))
    with pytest.raises(NotComparableError, match="year"):
        compare(lambda d: d.with_columns(pl.col("year").cast(pl.String)))


def test_an_empty_release_has_lost_everything() -> None:
    found = compare(lambda d: d.clear())
    assert found["keys_lost", None].share == 1
    assert found["series_lost", None].n_found == 200
    assert found["periods_lost", None].n_found == 80


SMALL = world(n_states=12, first=2000, last=2011)


@given(st.sets(st.integers(0, SMALL.height - 1), min_size=1))
def test_every_row_that_is_dropped_is_counted_once(dropped: set[int]) -> None:
    numbered = pl.int_range(pl.len()).is_in(sorted(dropped))
    found = compare(lambda d: d.filter(~numbered), SMALL)
    lost = found["keys_lost", None]
    assert (lost.n_found, found["rows_lost", None].n_found) == (len(dropped), len(dropped))
    assert sum(example["n"] for example in lost.examples) == len(dropped)
    assert not {kind for kind, _ in found} & {"values_revised", "values_lost", "units_shifted"}


@given(st.sets(st.integers(0, SMALL.height - 1), min_size=1), st.floats(1.01, 1.9))
def test_every_value_that_is_revised_is_counted_once(changed: set[int], factor: float) -> None:
    rows = pl.int_range(pl.len()).is_in(sorted(changed))
    found = compare(where(rows, gdp_usd=pl.col("gdp_usd") * factor), SMALL)
    assert found["values_revised", "gdp_usd"].n_found == len(changed)
    assert not {kind for kind, _ in found} - {"values_revised", "series_rewritten"}


@given(st.integers(1, 12), st.sampled_from([1e-6, 1e-3, 12.0, 1e3, 1e9]))
def test_every_series_in_another_unit_is_counted_once(n: int, factor: float) -> None:
    found = compare(where(of_states(n), gdp_usd=pl.col("gdp_usd") * factor), SMALL)
    assert found["units_shifted", "gdp_usd"].n_found == n
