"""`core.ballot_pairs`: roll calls that may be one ballot under two numbers, and the decision.

A ballot is one act of voting. The vote file lists some ballots more than once: under each section
of the resolution that was adopted as a whole, under its letters and again under their range, or
once by its resolution and once by the verbatim record. Two roll calls are compared when they share
session, resolution number and month. They are a pair of this table

* when every vote (yes, abstain, no) is the same in both, as their source has them;
* or when their symbols say the same (or one covers the other's letters), neither is flagged as a
  paragraph or amendment, and at most `MAX_SHARE_DIFFERENT` of the votes differ;
* or when the reviewed list names them.

The first rule that holds decides:

* `reviewed`, as the list says: `transforms/reference/ballots_reviewed.csv` has the pair.
* `flagged_part`, kept apart: one is flagged as a paragraph or amendment, voted on by itself.
* `page_of_the_record`, kept apart: the number is a page, and the file numbers the votes on it.
* `same_symbol_same_votes`, one ballot: same symbol, every vote the same.
* `listed_by_section`, one ballot: every vote the same, and either the symbols differ in the section
  only and no section of that resolution was voted on otherwise, or a third symbol with the same
  votes covers the letters of both (75/254A-C).
* `other_letters_differ`, kept apart: another letter of that number has other votes, so that letters
  were voted on one by one.
* `undecided`: none of these. It counts as two until somebody looks it up, and a gate warns.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl

from transforms.core.choices import CAST
from transforms.core.listed_roll_calls import listed_roll_calls
from transforms.core.resolution_keys import Part, base_key, read_part
from transforms.step_result import StepResult

TABLE = "core.ballot_pairs"
MAX_SHARE_DIFFERENT = 0.05
"""Of the states that vote on one of the two: corrections of votes, not another question."""

_SCHEMA = {
    "rcid1": pl.Int32,
    "rcid2": pl.Int32,
    "session": pl.Int16,
    "resolution1": pl.String,
    "resolution2": pl.String,
    "n_votes_compared": pl.Int32,
    "n_votes_equal": pl.Int32,
    "decision": pl.String,
    "evidence": pl.String,
    "note": pl.String,
}


@dataclass(frozen=True)
class _Listed:
    """One roll call, as far as it matters here; `votes` are those cast, by state."""

    rcid: int
    session: int | None
    resolution: str
    key: str
    is_part: bool
    is_page: bool
    votes: dict[int, str]

    @property
    def part(self) -> Part | None:
        return read_part(self.key)


def build_ballot_pairs(
    *,
    stg_un_votes__roll_calls: pl.DataFrame,
    stg_undl_votes__resolutions: pl.DataFrame,
    vote_source_matches: pl.DataFrame,
    votes: pl.DataFrame,
    ballots_reviewed: pl.DataFrame,
) -> StepResult:
    """Decides which roll calls are one ballot.

    Args:
        stg_un_votes__roll_calls: The vote file's roll calls.
        stg_undl_votes__resolutions: The Library's resolutions.
        vote_source_matches: `core.vote_source_matches`.
        votes: `core.votes`.
        ballots_reviewed: Reference: rcid1, symbol1, rcid2, symbol2, decision, note. A row counts
            only where both roll calls are there under these symbols.

    Returns:
        `core.ballot_pairs`, one row per pair (rcid1 < rcid2); no losses.

    Raises:
        ValueError: The reviewed list has a decision that is none.
    """
    listed, _ = listed_roll_calls(
        stg_un_votes__roll_calls,
        stg_undl_votes__resolutions,
        vote_source_matches,
        to_table=TABLE,
    )
    reviewed = _read_reviewed(ballots_reviewed)
    rows = [
        _row(pair, decision)
        for group in _groups(listed, votes)
        for pair, decision in _decide_group(group, reviewed)
    ]
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return StepResult({TABLE: table.sort("rcid1", "rcid2")})


def _groups(listed: pl.DataFrame, votes: pl.DataFrame) -> Iterator[list[_Listed]]:
    """Roll calls that share session, number and month, two or more, with their votes."""
    place = ["session", "_base", "vote_month"]
    based = listed.with_columns(base_key(pl.col("resolution_key")).alias("_base")).filter(
        pl.col("_base").is_not_null()
    )
    several = based.filter(pl.len().over(place) > 1).sort("_base", "vote_month", "rcid")
    cast: dict[int, dict[int, str]] = defaultdict(dict)
    # a cell filled from the other source for one listing only makes no other ballot
    own = votes.filter(pl.col("filled_from").is_null())
    counted = own.select("rcid", "ccode", pl.col("choice").cast(pl.String)).join(
        several.select("rcid"), on="rcid", how="semi"
    )
    for rcid, ccode, choice in counted.filter(pl.col("choice").is_in(CAST)).iter_rows():
        cast[rcid][ccode] = choice
    for _, group in several.group_by(place, maintain_order=True):
        yield [
            _Listed(
                rcid=row["rcid"],
                session=row["session"],
                resolution=row["resolution"],
                key=row["resolution_key"],
                is_part=row["is_part"],
                is_page=row["is_page"],
                votes=cast[row["rcid"]],
            )
            for row in group.iter_rows(named=True)
        ]


def _decide_group(
    group: list[_Listed], reviewed: dict[tuple[int, str, int, str], tuple[str, str | None]]
) -> Iterator[tuple[tuple[_Listed, _Listed], tuple[str, str, str | None]]]:
    for one, other in combinations(group, 2):
        looked_up = reviewed.get((one.rcid, one.resolution, other.rcid, other.resolution))
        if looked_up:
            yield (one, other), (looked_up[0], "reviewed", looked_up[1])
        elif one.votes and (one.votes == other.votes or _nearly_one(one, other)):
            yield (one, other), (*_decide(one, other, group), None)


def _decide(one: _Listed, other: _Listed, group: list[_Listed]) -> tuple[str, str]:
    """Decision and evidence of a pair that the list does not have."""
    if one.is_part or other.is_part:
        return "kept_apart", "flagged_part"
    if one.is_page or other.is_page:
        return "kept_apart", "page_of_the_record"
    final = [roll_call for roll_call in group if not roll_call.is_part]
    if one.votes == other.votes:
        if one.key == other.key:
            return "one_ballot", "same_symbol_same_votes"
        if _are_sections(one, other, final) or _are_covered(one, other, final):
            return "one_ballot", "listed_by_section"
        if _letters_were_apart(one, other, final):
            return "kept_apart", "other_letters_differ"
    return "undecided", "undecided"


def _nearly_one(one: _Listed, other: _Listed) -> bool:
    """Same question by the symbols, and hardly a vote that differs."""
    if one.is_part or other.is_part or one.is_page or other.is_page:
        return False
    if one.key != other.key and not (_covers(one, other) or _covers(other, one)):
        return False
    return _n_different(one, other) <= MAX_SHARE_DIFFERENT * len(one.votes | other.votes)


def _are_sections(one: _Listed, other: _Listed, final: Iterable[_Listed]) -> bool:
    """Sections of one resolution, none of which has other votes."""
    if not (one.part and other.part and one.part.section and other.part.section):
        return False
    siblings = [
        s for s in final if s.part and s.part.section and s.part.letters == one.part.letters
    ]
    return one.part.letters == other.part.letters and all(s.votes == one.votes for s in siblings)


def _are_covered(one: _Listed, other: _Listed, final: Iterable[_Listed]) -> bool:
    """A range of letters with the same votes covers both, or is one of the two."""
    return any(
        whole.votes == one.votes
        and all(roll_call is whole or _covers(whole, roll_call) for roll_call in (one, other))
        for whole in final
    )


def _covers(whole: _Listed, other: _Listed) -> bool:
    """Whether a range of letters has those of the other in it: 75/254A-C has 75/254B."""
    if not (whole.part and other.part and len(whole.part.letters) > 1 and other.part.letters):
        return False
    return whole.key != other.key and set(other.part.letters) <= set(whole.part.letters)


def _letters_were_apart(one: _Listed, other: _Listed, final: Iterable[_Listed]) -> bool:
    """Another single letter of the number has other votes."""
    if not all(r.part and len(r.part.letters) == 1 and not r.part.section for r in (one, other)):
        return False
    return any(
        r.part and len(r.part.letters) == 1 and r.key not in (one.key, other.key)
        for r in final
        if r.votes != one.votes
    )


def _n_different(one: _Listed, other: _Listed) -> int:
    return sum(one.votes.get(s) != other.votes.get(s) for s in one.votes.keys() | other.votes)


def _row(pair: tuple[_Listed, _Listed], decision: tuple[str, str, str | None]) -> tuple[Any, ...]:
    one, other = pair
    n_compared = len(one.votes.keys() | other.votes)
    n_equal = n_compared - _n_different(one, other)
    names = (one.rcid, other.rcid, one.session, one.resolution, other.resolution)
    return (*names, n_compared, n_equal, *decision)


def _read_reviewed(
    rows: pl.DataFrame,
) -> dict[tuple[int, str, int, str], tuple[str, str | None]]:
    """Pair to decision and note."""
    known = {"one_ballot", "kept_apart"}
    others = set(rows["decision"]) - known
    if others:
        raise ValueError(
            f"ballots_reviewed.csv: decision {sorted(others)[0]!r} is none of {sorted(known)}"
        )
    columns = ("rcid1", "symbol1", "rcid2", "symbol2", "decision", "note")
    return {
        (int(rcid1), symbol1, int(rcid2), symbol2): (decision, note)
        for rcid1, symbol1, rcid2, symbol2, decision, note in rows.select(columns).iter_rows()
    }
