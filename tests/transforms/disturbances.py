"""Rows of a step's inputs, renamed, dropped and doubled at random."""

import polars as pl
from hypothesis import strategies as st

from tests.transforms.disturbed_steps import Case

CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["rename", "drop", "double"]),
        st.integers(0, 9),
        st.integers(0, 99),
    ),
    max_size=4,
)


def disturb(case: Case, changes: list[tuple[str, int, int]]) -> dict[str, pl.DataFrame]:
    """The step's inputs, with rows renamed, dropped and doubled."""
    inputs = dict(case.inputs())
    names = sorted(case.codes)
    for kind, which, row in changes:
        name = names[which % len(names)]
        frame = inputs[name]
        if frame.height <= 1:
            continue
        at = row % frame.height
        if kind == "drop":
            inputs[name] = frame.filter(pl.int_range(pl.len()) != at)
        elif kind == "double":
            inputs[name] = pl.concat([frame, frame.slice(at, 1)])
        else:
            column, other = case.codes[name]
            renamed = pl.when(pl.int_range(pl.len()) == at).then(pl.lit(other))
            kept = renamed.otherwise(pl.col(column)).cast(frame.schema[column])
            inputs[name] = frame.with_columns(kept.alias(column))
    return inputs
