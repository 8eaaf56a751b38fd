"""Rules of succession: the state behind a code of the vote file, by session or month.

The vote file keeps the Federal Republic's code after unification and has votes of Byelorussia,
Ukraine and India from before they were states. The rules are data (`reference/succession.csv`);
this module reads and applies them.
"""

from typing import Any

import polars as pl

from transforms.core.choices import NOT_MEMBER

ACTIONS = ("relabel", "drop", "not_sovereign", "keep")


def read_rules(succession: pl.DataFrame) -> pl.DataFrame:
    """Reads the rules that change something.

    Args:
        succession: All-String reference of the layout of `succession.csv`.

    Returns:
        rule_id, ccode_source, ccode (Int16), session_from, session_to (Int16), month_from,
        month_to (first days, Date), action, reason, precision; open limits are NULL. Rows with
        action `keep` record a case and are left out.

    Raises:
        ValueError: An action is unknown, or a rule lacks the codes or the reason that its
            action needs; names the rule.
    """
    empty_to_null = [pl.col(c).replace("", None) for c in succession.columns]
    rules = succession.select(empty_to_null).with_columns(
        pl.col("ccode_source", "ccode", "session_from", "session_to").cast(pl.Int16),
        (pl.col("month_from", "month_to") + "-01").str.to_date("%Y-%m-%d"),
    )
    active = pl.col("action") != "keep"
    incomplete = rules.filter(
        ~pl.col("action").is_in(ACTIONS)
        | (active & (pl.col("ccode_source").is_null() | pl.col("reason").is_null()))
        | ((pl.col("action") == "relabel") & pl.col("ccode").is_null())
    )
    if not incomplete.is_empty():
        raise ValueError(
            f"succession.csv: {incomplete['rule_id'].to_list()}: the action is not one of"
            f" {ACTIONS}, or ccode_source, reason or (for relabel) ccode is empty"
        )
    return rules.filter(active)


def apply_rules(ballots: pl.DataFrame, rules: pl.DataFrame) -> pl.DataFrame:
    """Adds to each row the rule that applies to it, and the state behind its code.

    Args:
        ballots: ccode_source, session, vote_month (Date, first of the month), choice.
        rules: What `read_rules` returned.

    Returns:
        The same rows with ccode (Int16), rule_action, rule_reason and rule_precision (NULL
        where no rule applies). Rows with choice `not_member` are under no rule: membership
        alone decides about them.

    Raises:
        ValueError: Two rules apply to one row; names them.
    """
    rule_of = pl.lit(None, dtype=pl.Int16)
    for position, rule in enumerate(rules.iter_rows(named=True)):
        rule_of = pl.when(_applies(rule)).then(pl.lit(position, pl.Int16)).otherwise(rule_of)
    _refuse_overlaps(ballots, rules)
    indexed = rules.select(
        pl.int_range(pl.len(), dtype=pl.Int16).alias("_rule"),
        pl.when(pl.col("action") == "relabel").then(pl.col("ccode")).alias("_relabelled"),
        pl.col("action").alias("rule_action"),
        pl.col("reason").alias("rule_reason"),
        pl.col("precision").alias("rule_precision"),
    )
    return (
        ballots.with_columns(rule_of.alias("_rule"))
        .join(indexed, on="_rule", how="left", validate="m:1", maintain_order="left")
        .with_columns(pl.coalesce("_relabelled", "ccode_source").alias("ccode"))
        .drop("_rule", "_relabelled")
    )


def _applies(rule: dict[str, Any]) -> pl.Expr:
    """Whether a rule applies to a row."""
    condition: pl.Expr = (pl.col("ccode_source") == rule["ccode_source"]) & (
        pl.col("choice") != NOT_MEMBER
    )
    for column, name in (("session", "session"), ("month", "vote_month")):
        first, last = rule[f"{column}_from"], rule[f"{column}_to"]
        if first is not None:
            condition &= pl.col(name) >= first
        if last is not None:
            condition &= pl.col(name) <= last
    return condition


def _refuse_overlaps(ballots: pl.DataFrame, rules: pl.DataFrame) -> None:
    """Only rules on the same code can overlap, so only their rows are compared."""
    shared = rules.filter(pl.col("ccode_source").is_duplicated())
    for (code,), group in shared.group_by("ccode_source"):
        rows = ballots.filter(pl.col("ccode_source") == code)
        hits = rows.select(
            pl.sum_horizontal(_applies(rule).cast(pl.Int8) for rule in group.iter_rows(named=True))
        ).to_series()
        if (hits > 1).any():
            raise ValueError(
                f"succession.csv: rules {group['rule_id'].to_list()} apply to the same votes of"
                f" {code}; correct their sessions or months"
            )
