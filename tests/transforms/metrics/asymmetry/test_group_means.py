"""Means of groups: right, and the same whatever the order of the rows."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.metrics.asymmetry.group_means import group_means

ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.none() | st.floats(-1e6, 1e6)), min_size=1, max_size=30
)


def means(rows):
    frame = pl.DataFrame(rows, schema={"g": pl.Int16, "k": pl.Int16, "v": pl.Float64}, orient="row")
    return group_means(frame, ["g"], "v", ["k"], "mean")


def test_means_by_hand():
    found = means([(2, 1, 4.0), (1, 1, 1.0), (1, 2, 2.0), (1, 3, None), (3, 1, None)])
    assert found.rows() == [(1, 1.5), (2, 4.0)]


@given(ROWS, st.randoms())
@settings(max_examples=50)
def test_the_order_of_rows_changes_no_bit(rows, random):
    numbered = [(group, place, value) for place, (group, value) in enumerate(rows)]
    first = means(numbered)
    random.shuffle(numbered)
    assert means(numbered).equals(first)
