"""`core.gdp`: gross domestic product of states, one row per state and year."""

import polars as pl

from transforms.core.entity_kinds import split_by_kind
from transforms.core.state_years import split_by_membership
from transforms.identity import resolve
from transforms.step_result import StepResult, count_losses

TABLE = "core.gdp"
FROM = "staging.stg_gdp__entity_years"

REASONS = {"aggregate": "aggregate_not_state", "territory": "not_in_system"}


def build_gdp(
    *,
    entity_years: pl.DataFrame,
    states: pl.DataFrame,
    state_aliases: pl.DataFrame,
    gdp_entities: pl.DataFrame,
) -> StepResult:
    """Assigns COW codes to the World Bank's entities and drops those that are no states.

    A year means its last day: `DEU` is 260 to 1989 and 255 from 1990. The World Bank's
    series for Germany is linked backwards from the unified state, so that the values before
    1991 are not those of the Federal Republic's own accounts.

    Args:
        entity_years: `staging.stg_gdp__entity_years`.
        states: `core.states`.
        state_aliases: Reference `state_aliases`, scheme `iso3`.
        gdp_entities: Reference `gdp_entities`: code and kind (aggregate, territory) of the
            entities that are no states.

    Returns:
        One row per state and year, `gdp_usd` in current US dollars. Lost rows:
        `aggregate_not_state`, `not_in_system` (territories, and years outside membership),
        `unknown_code` (in no list: add it to one).
    """
    state_rows, not_states = split_by_kind(
        entity_years, gdp_entities, code="entity_code", reasons=REASONS
    )
    resolved = resolve(
        state_rows,
        code="entity_code",
        scheme="iso3",
        on="year",
        aliases=state_aliases,
    )
    members = split_by_membership(resolved.rows, states=states)
    key = ["entity_code", "year"]
    lost = [not_states.select(*key, "reason"), resolved.unmatched.select(*key, "reason")]
    losses = [
        count_losses(pl.concat(lost), from_table=FROM, to_table=TABLE, key=key, code="entity_code"),
        count_losses(members.outside, from_table=FROM, to_table=TABLE, key=key),
    ]
    gdp = members.rows.select(
        "ccode", "year", "gdp_usd", "entity_code", "is_membership_carried_forward"
    ).sort("ccode", "year")
    return StepResult({TABLE: gdp}, pl.concat(losses))
