"""The rows that break a rule, with their keys and the wrong values."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from expectations.gate.results import SAMPLE_ROWS
from expectations.gate.rules import CELLS_OF, StatedRule, flag_of


def found_breaches(
    rule: StatedRule,
    outcome: Mapping[str, Any],
    frame: pl.DataFrame,
    key: Sequence[str],
    numbered: bool,
) -> tuple[Mapping[str, Any], ...]:
    """The first rows that break a rule, or the value found instead of the expected one.

    Args:
        rule: The rule that does not hold.
        outcome: `error`, or `result` with what Great Expectations counted and saw.
        frame: The table.
        key: Columns that name a row.
        numbered: Whether to add row numbers (1 = first data row), as for a file.

    Returns:
        At most `SAMPLE_ROWS` entries: row number, key, and the columns of the rule.
    """
    if error := outcome.get("error"):
        return ({"error": str(error).strip().splitlines()[0]},)
    found = outcome["result"]
    if mismatched := found.get("details", {}).get("mismatched"):
        return tuple(_without_jargon(entry) for entry in mismatched[:SAMPLE_ROWS])
    if "element_count" not in found:
        return (_observed(found),)
    shown = [c for c in dict.fromkeys((*key, *_columns_of(rule))) if c in frame.columns]
    rows = frame.select(*shown, *_wrong_cells(rule))
    if numbered or not shown:
        rows = rows.with_row_index("row", offset=1)
    if rule.is_flagged:
        rows = rows.filter(~flag_of(rule, frame))
    else:
        rows = _with_values(rows, rule, found["partial_unexpected_list"])
    return tuple(rows.head(SAMPLE_ROWS).to_dicts())


def _columns_of(rule: StatedRule) -> Sequence[str]:
    if rule.kind == "RowsToSatisfy":
        names: list[str] = pl.sql_expr(rule.kwargs["condition"]).meta.root_names()
        return names
    return rule.columns


def _wrong_cells(rule: StatedRule) -> list[pl.Expr]:
    """For a rule on cells, the cells of a row that break it: `choice=maybe, share=1.25`."""
    if not (cells_of := CELLS_OF.get(rule.kind)):
        return []
    wrong = [
        pl.when(~holds).then(
            pl.format(f"{column}={{}}", pl.col(column).cast(pl.String).fill_null("NULL"))
        )
        for column, holds in cells_of(**rule.kwargs).items()
    ]
    return [pl.concat_str(wrong, separator=", ", ignore_nulls=True).alias("wrong_in")]


def _with_values(rows: pl.DataFrame, rule: StatedRule, seen: Sequence[Any]) -> pl.DataFrame:
    """Rows whose values are among those that Great Expectations reports as failing."""
    columns = list(dict.fromkeys(rule.columns))
    if rule.kind == "ColumnValuesToNotBeNull":
        return rows.filter(pl.col(columns[0]).is_null())
    if rule.kind == "ColumnValuesToBeNull":
        return rows.filter(pl.col(columns[0]).is_not_null())
    cells = [tuple(v.values()) if isinstance(v, dict) else v for v in seen]
    tuples = [v if isinstance(v, tuple) else (v,) for v in cells]
    values = pl.DataFrame(
        {
            c: pl.Series([t[i] for t in tuples], strict=False).cast(rows.schema[c], strict=False)
            for i, c in enumerate(columns)
        }
    )
    kept = rows.join(values, on=columns, how="semi", nulls_equal=True, maintain_order="left")
    return kept.sort(columns, maintain_order=True) if "Unique" in rule.kind else kept


def _without_jargon(entry: Mapping[str, Any]) -> dict[str, Any]:
    if "Expected Column Position" not in entry:
        return dict(entry)
    position = entry["Expected Column Position"] + 1
    return {"position": position, "expected": entry["Expected"], "found": entry["Found"]}


def _observed(found: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "observed_value": "found",
        "partial_unexpected_list": "unexpected",
        "partial_missing_list": "missing",
    }
    return {names[k]: v for k, v in found.items() if k in names and v not in (None, [])}
