"""`core.un_members`: who was a member of the United Nations, and since when.

The dated list decides who was a member at a roll call; codes in a vote file do not. Overlapping
or reversed periods are an error, so that a day finds one status or none.

Sources: see `reference/un_members.yml`.
"""

import polars as pl

from transforms.core.coalition_support import day
from transforms.core.known_states import keep_known_states
from transforms.step_result import StepResult

UN_MEMBERS = "core.un_members"

MEMBER, CREDENTIALS_CONTESTED, SEAT_DISPUTED = "member", "credentials_contested", "seat_disputed"
CAN_VOTE = (MEMBER, CREDENTIALS_CONTESTED)
"""Statuses under which a delegation sat and could vote."""

_COLUMNS = (
    "ccode", "valid_from", "valid_to", "membership_status", "start_event", "end_event",
    "basis", "confidence", "note",
)  # fmt: skip


def build_un_members(*, un_members: pl.DataFrame, states: pl.DataFrame) -> StepResult:
    """Builds `core.un_members`: one row per state and period of UN membership.

    Args:
        un_members: Reference; all columns String.
        states: `core.states`; any period counts.

    Returns:
        `core.un_members`; valid_to is NULL where the period has not ended. Lost: rows of states
        that the list of states does not have (`not_in_system`), none with the real list.

    Raises:
        ValueError: A date cannot be read, a period ends before it begins, or two periods of one
            state overlap; names them.
    """
    periods = (
        un_members.rename({"status": "membership_status"})
        .with_columns(
            pl.col("ccode").cast(pl.Int16),
            day(un_members, "valid_from", "un_members"),
            day(un_members, "valid_to", "un_members"),
        )
        .sort("ccode", "valid_from")
    )
    _refuse_faulty_periods(periods)
    members, losses = keep_known_states(
        periods.select(_COLUMNS),
        states,
        reference="un_members",
        to_table=UN_MEMBERS,
        key=("ccode", "valid_from"),
    )
    return StepResult({UN_MEMBERS: members.sort("ccode", "valid_from")}, losses)


def _refuse_faulty_periods(periods: pl.DataFrame) -> None:
    """Expects one status per state and day."""
    last = pl.col("valid_to").fill_null(pl.date(9999, 12, 31))
    faulty = periods.filter(
        (last < pl.col("valid_from"))
        | (pl.col("valid_from") <= last.shift(1).over("ccode")).fill_null(False)
    )
    if not faulty.is_empty():
        named = "; ".join(f"{c} from {d}" for c, d in faulty.select("ccode", "valid_from").rows())
        raise ValueError(
            f"un_members.csv: {named}: the period is reversed or overlaps another of the same"
            " state, so a day would have two statuses. Correct its days."
        )
