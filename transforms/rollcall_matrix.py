"""The votes of one session, or of one calendar year, as a matrix, states × roll calls.

Similarity, dyads and the legitimation premium share these matrices, so that they agree on the
states of a session, the roll calls that count and the meaning of an empty cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms import choices

YES, ABSTAIN, NO = 1, 2, 3
NO_CELL = 11
"""A pair that the votes have no row for. Every member has a row on every roll call, so such a
state was no member; it is still no `NOT_MEMBER`, which somebody has said."""
CODES = dict(zip(choices.CHOICES, (YES, ABSTAIN, NO, 8, 7, 10, 9), strict=True))

SESSION_OFFSET = 1945
"""Session + 1945 is the year in which the session's membership and alliances are read."""

# A chain of comparisons: three times as fast as a look-up on a million short strings.
_CODE_OF_CHOICE = pl.coalesce(
    pl.when(pl.col("choice").cast(pl.String) == name).then(pl.lit(code, pl.Int8))
    for name, code in CODES.items()
)

_WITH_UNANIMOUS = "_with_unanimous"
VOTE_SETS = {
    name: pl.col(f"in_{name}")
    for name in ("final_only", "final_strict", "all_recorded", "final_only_as_listed")
}
"""Vote set to the column of `core.roll_calls` that says which roll calls are in it. All of them but
the last, which is there for comparison, count a ballot once; whatever counts roll calls takes them
from here, so that a ballot listed twice counts nowhere twice."""


@dataclass(frozen=True, kw_only=True)
class Ballots:
    """The votes on some roll calls.

    Attributes:
        ccodes: States, ascending: members of the state system on at least one day of the
            year that goes with the roll calls, and whoever voted.
        rcids: Roll calls, ascending.
        choices: States × roll calls, `CODES`; a pair without a row in the votes is
            `NO_CELL`.
    """

    ccodes: NDArray[np.int16]
    rcids: NDArray[np.int64]
    choices: NDArray[np.int8]

    def columns(self, roll_calls: frozenset[int]) -> NDArray[np.int8]:
        """The choices on those of these roll calls that are in `roll_calls`."""
        return self.choices[:, [rcid in roll_calls for rcid in self.rcids.tolist()]]


@dataclass(frozen=True, kw_only=True)
class SessionBallots(Ballots):
    """One session's votes; its year is `session` + `SESSION_OFFSET`."""

    session: int


@dataclass(frozen=True, kw_only=True)
class YearBallots(Ballots):
    """The votes of the roll calls that are dated in one calendar year."""

    year: int


def is_seated(matrix: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Cells of members that could vote, whatever they did (`choices.SEATED`)."""
    return np.isin(matrix, [CODES[choice] for choice in choices.SEATED])


def is_counted_as_member(matrix: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Cells of states that the UN counts among its members (`choices.COUNTED_AS_MEMBER`)."""
    return np.isin(matrix, [CODES[choice] for choice in choices.COUNTED_AS_MEMBER])


def without_seat(matrix: NDArray[np.int8]) -> NDArray[np.object_]:
    """Why a state had no vote to be measured by, for each row of a matrix.

    Returns:
        `not_member` (at no roll call), `seat_disputed` (nobody could vote for it at any),
        `no_row` (nothing is known of what it did), or None: it voted, or is known to have been
        absent.
    """
    known = (matrix <= NO) | (matrix == CODES[choices.ABSENT])
    reason = np.full(len(matrix), None, dtype=object)
    reason[~known.any(axis=1)] = choices.NO_ROW
    reason[~is_seated(matrix).any(axis=1)] = choices.SEAT_DISPUTED
    reason[~is_counted_as_member(matrix).any(axis=1)] = choices.NOT_MEMBER
    return reason


def vote_set_rcids(roll_calls: pl.DataFrame, vote_set: str) -> frozenset[int]:
    """The roll calls of a vote set, for measures of voting similarity.

    Unanimous roll calls carry no information on relative distance and are left out, as in
    Voeten's dyadic agreement scores; the suffix `_with_unanimous` keeps them.

    Args:
        roll_calls: `core.roll_calls` (rcid, is_unanimous, and the column of the vote set).
        vote_set: Key of `VOTE_SETS`, perhaps with the suffix.

    Raises:
        ValueError: The vote set is unknown.
    """
    base = vote_set.removesuffix(_WITH_UNANIMOUS)
    if base not in VOTE_SETS:
        raise ValueError(
            f"vote set {vote_set!r} is unknown; there are {', '.join(VOTE_SETS)},"
            f" each also with the suffix {_WITH_UNANIMOUS}"
        )
    rule = VOTE_SETS[base]
    if not vote_set.endswith(_WITH_UNANIMOUS):
        rule = rule & ~pl.col("is_unanimous")
    return frozenset(roll_calls.filter(rule)["rcid"].to_list())


def by_session(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, states: pl.DataFrame | None = None
) -> Iterator[SessionBallots]:
    """Splits the votes into one matrix per session, whatever the order of their rows.

    Args:
        votes: `core.votes` (rcid, ccode, choice).
        roll_calls: `core.roll_calls` (rcid, session); those of no regular session (NULL) are
            left out.
        states: `core.states` (ccode, valid_from, counts_to). Without it only the states
            that voted are in a session.

    Yields:
        Sessions, ascending.

    Raises:
        ValueError: A vote belongs to no roll call, a choice is no known choice, or a state
            has two votes on one roll call.
    """
    for session, ballots in _split(votes, roll_calls, "session", states, SESSION_OFFSET):
        yield SessionBallots(session=session, **vars(ballots))


def by_year(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, states: pl.DataFrame | None = None
) -> Iterator[YearBallots]:
    """Splits the votes by the calendar year of the roll call, as `by_session` by session.

    Sessions run past New Year: 266 of 6,299 real roll calls are not dated in the year in
    which their session began. Until session 57 only the month of a vote is known, which
    is enough for its year.

    Args:
        votes: `core.votes` (rcid, ccode, choice).
        roll_calls: `core.roll_calls` (rcid, session, year).
        states: `core.states` (ccode, valid_from, counts_to), as in `by_session`.

    Yields:
        Years with at least one roll call, ascending.

    Raises:
        ValueError: As `by_session`.
    """
    for year, ballots in _split(votes, roll_calls, "year", states, 0):
        yield YearBallots(year=year, **vars(ballots))


def _split(
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    period: str,
    states: pl.DataFrame | None,
    year_offset: int,
) -> Iterator[tuple[int, Ballots]]:
    """One matrix per value of the column `period`, ascending."""
    of_none = roll_calls.filter(pl.col("session").is_null()).select("rcid")
    votes = votes.join(of_none, on="rcid", how="anti") if of_none.height else votes
    order = roll_calls.drop_nulls("session").select("rcid", period).sort(period, "rcid")
    rcids, periods = order["rcid"].to_numpy(), order[period].to_numpy()
    place = order.select(pl.col("rcid").cast(pl.Int64)).with_row_index("column")
    cells = votes.select(
        pl.col("rcid").cast(pl.Int64),
        pl.col("ccode").cast(pl.Int16),
        _CODE_OF_CHOICE.alias("choice"),
    ).join(place, on="rcid", how="left", validate="m:1")
    _refuse_faults(cells)
    columns, ccodes = cells["column"].to_numpy(), cells["ccode"].to_numpy()
    codes = cells["choice"].to_numpy()
    if np.any(columns[1:] < columns[:-1]):
        by_column = np.argsort(columns, kind="stable")
        columns, ccodes, codes = columns[by_column], ccodes[by_column], codes[by_column]
    for value in np.unique(periods).tolist():
        first, last = np.searchsorted(periods, [value, value + 1])
        begin, end = np.searchsorted(columns, np.array([first, last], columns.dtype))
        voters = ccodes[begin:end][codes[begin:end] <= NO]
        members = _members(states, value + year_offset)
        actors = np.flatnonzero(np.bincount(np.concatenate([voters, members]))).astype(np.int16)
        matrix = _fill(
            ccodes[begin:end], columns[begin:end] - first, codes[begin:end], actors, last - first
        )
        rcids_of = rcids[first:last].astype(np.int64)
        yield value, Ballots(ccodes=actors, rcids=rcids_of, choices=matrix)


def _refuse_faults(cells: pl.DataFrame) -> None:
    """Raises when a row of the votes cannot be placed in exactly one cell."""
    orphans = cells.filter(pl.col("column").is_null() | pl.col("choice").is_null())
    if not orphans.is_empty():
        row = orphans.sort("rcid", "ccode").row(0, named=True)
        fault = "belongs to no roll call" if row["column"] is None else "is none of the choices"
        raise ValueError(
            f"core.votes: the vote of {row['ccode']} on rcid {row['rcid']} {fault}"
            f" ({orphans.height} such rows); check core.roll_calls and core.votes of this build"
        )


def _members(states: pl.DataFrame | None, year: int) -> NDArray[np.int16]:
    """States in the system on at least one day of the year."""
    if states is None:
        return np.empty(0, np.int16)
    in_year = (pl.col("valid_from").dt.year() <= year) & (pl.col("counts_to").dt.year() >= year)
    return states.filter(in_year)["ccode"].cast(pl.Int16).unique().to_numpy()


def _fill(
    ccodes: NDArray[np.int16],
    columns: NDArray[np.int64],
    codes: NDArray[np.int8],
    actors: NDArray[np.int16],
    n_columns: int,
) -> NDArray[np.int8]:
    """Writes one session's votes into a matrix; states that are no actors have no row."""
    row_of = np.full(1 + max(actors.max(initial=0), ccodes.max(initial=0)), -1)
    row_of[actors] = np.arange(len(actors))
    rows = row_of[ccodes]
    known = rows >= 0
    cells = rows[known] * n_columns + columns[known]
    matrix = np.zeros(len(actors) * n_columns, np.int8)
    matrix[cells] = codes[known]
    if np.count_nonzero(matrix) < len(cells):
        twice = int(np.flatnonzero(np.bincount(cells) > 1)[0])
        raise ValueError(
            f"core.votes: {actors[twice // n_columns]} votes twice on one roll call"
            " (its key is rcid and ccode); the step that made the table is at fault"
        )
    matrix[matrix == 0] = NO_CELL
    return matrix.reshape(len(actors), n_columns)
