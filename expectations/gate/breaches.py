"""Which rows break a rule: conditions on whole rows, and the keys behind a count."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from expectations.gate.results import SAMPLE_ROWS
from expectations.gate.rules import _CELLS_OF, StatedRule, flag_of
from expectations.suite import Suite


def found_breaches(
    rule: StatedRule, outcome: Mapping[str, Any], frame: pl.DataFrame, suite: Suite, numbered: bool
) -> tuple[Mapping[str, Any], ...]:
    """The first rows behind a failure, or what was found in place of what was expected.

    Args:
        rule: The rule that does not hold.
        outcome: `error`, or `result` with what Great Expectations counted and saw.
        frame: The table.
        suite: Its suite; the key names the rows.
        numbered: Whether to give row numbers (1 = first data row), as for a file.

    Returns:
        At most `SAMPLE_ROWS` entries: row number, key, and the columns of the rule.
    """
    if error := outcome.get("error"):
        return ({"error": str(error).strip().splitlines()[0]},)
    found = outcome["result"]
    if mismatched := found.get("details", {}).get("mismatched"):
        return tuple(_plainly(entry) for entry in mismatched[:SAMPLE_ROWS])
    if "element_count" not in found:
        return (_as_found(found),)
    shown = [c for c in dict.fromkeys((*suite.key, *_concerned(rule))) if c in frame.columns]
    rows = frame.select(*shown, *_wrong_cells(rule))
    if numbered or not shown:
        rows = rows.with_row_index("row", offset=1)
    if rule.is_flagged:
        rows = rows.filter(~flag_of(rule, frame))
    else:
        rows = _with_values(rows, rule, found["partial_unexpected_list"])
    return tuple(rows.head(SAMPLE_ROWS).to_dicts())


def _concerned(rule: StatedRule) -> Sequence[str]:
    if rule.kind == "RowsToSatisfy":
        names: list[str] = pl.sql_expr(rule.kwargs["condition"]).meta.root_names()
        return names
    return rule.columns


def _wrong_cells(rule: StatedRule) -> list[pl.Expr]:
    """For a rule on cells, those that break it in a row: `choice=maybe, share=1.25`."""
    if not (cells_of := _CELLS_OF.get(rule.kind)):
        return []
    told = [
        pl.when(~holds).then(
            pl.format(f"{column}={{}}", pl.col(column).cast(pl.String).fill_null("NULL"))
        )
        for column, holds in cells_of(**rule.kwargs).items()
    ]
    return [pl.concat_str(told, separator=", ", ignore_nulls=True).alias("wrong_in")]


def _with_values(rows: pl.DataFrame, rule: StatedRule, seen: Sequence[Any]) -> pl.DataFrame:
    """Rows whose values are among those that Great Expectations saw fail."""
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


def _plainly(entry: Mapping[str, Any]) -> dict[str, Any]:
    if "Expected Column Position" not in entry:
        return dict(entry)
    position = entry["Expected Column Position"] + 1
    return {"position": position, "expected": entry["Expected"], "found": entry["Found"]}


def _as_found(found: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "observed_value": "found",
        "partial_unexpected_list": "unexpected",
        "partial_missing_list": "missing",
    }
    return {names[k]: v for k, v in found.items() if k in names and v not in (None, [])}
