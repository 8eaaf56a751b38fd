"""`metrics.hegemon_support`: agreement with a hegemon by class of roll call, vote by vote."""

from collections.abc import Callable, Iterable
from functools import cache

from flows.rederivation.derived import Derived, FileRow, Key
from flows.rederivation.roll_call_cells import CAST, RollCallCells
from flows.rederivation.vote_sources import Judged
from flows.rederivation.vote_tables import Session

_MIN_VOTES = 10
_SUSPECT_SESSION = 50
_WESTERN = (2, 200, 220)


class HegemonAgreement:
    """Votes of the class, those with the hegemon (`flows.rederivation.derived.Derivation`)."""

    table = "metrics.hegemon_support"
    key = ("ccode_hegemon", "ccode", "session", "vote_set", "vote_class")
    columns = (
        *("n_votes_of_class", "n_with_hegemon", "n_abstained", "mean_agreement"),
        *("n_roll_calls", "null_reason"),
    )
    where = "true"

    def __init__(self, ballots: RollCallCells, judged: Judged, flagged: tuple[int, int]) -> None:
        """Takes the cells, and the first and last session in which important votes are flagged."""
        self._ballots, self._flagged = ballots, flagged
        self._session = cache(lambda number: Session(number, ballots, judged))

    def derive(self, keys: Iterable[Key]) -> dict[Key, Derived]:
        """Counts the votes of one class."""
        found: dict[Key, Derived] = {}
        for key in keys:
            hegemon, ccode, session = (int(str(part)) for part in key[:3])
            found[key] = self._one(hegemon, ccode, session, str(key[4]))
        return found

    def all_keys(self) -> set[Key] | None:
        """Too many to be counted here."""
        return None

    def _one(self, hegemon: int, ccode: int, session: int, vote_class: str) -> Derived:
        n = n_with = n_abstained = n_roll_calls = 0
        rows: list[FileRow] = []
        for rcid in self._session(session).chosen("final_only_with_unanimous"):
            cells = self._ballots.cells(rcid)
            votes = {s: c.choice for s, c in cells.items() if c.is_sovereign and c.choice in CAST}
            own = votes.pop(hegemon, "")
            if own not in ("yes", "no"):
                continue
            n_roll_calls += self._is_of(vote_class, rcid, votes, own, None)
            if ccode in votes and self._is_of(vote_class, rcid, votes, own, ccode):
                n += 1
                n_with += votes[ccode] == own
                n_abstained += votes[ccode] == "abstain"
                rows += [*cells[hegemon].rows, *cells[ccode].rows]
        mean = (n_with + n_abstained / 2) / n if n >= _MIN_VOTES else None
        reason = None if n >= _MIN_VOTES else "n_below_min"
        values = (n, n_with, n_abstained, mean, n_roll_calls, reason)
        return Derived(dict(zip(self.columns, values, strict=True)), tuple(rows))

    def _is_of(
        self, vote_class: str, rcid: int, votes: dict[int, str], own: str, without: int | None
    ) -> bool:
        """Whether a roll call is of a class, as seen without one state's vote."""
        others = {s: v for s, v in votes.items() if s != without}
        if vote_class == "important":
            return self._is_important(rcid)
        if not others:
            return False
        share = sum(vote == own for vote in others.values()) / len(others)
        # a Western member itself counts for `hegemon_specific`, and not for `…_loo`
        seen = others if vote_class == "hegemon_specific_loo" else votes
        alone = not any(seen.get(state) == own for state in _WESTERN)
        holds: dict[str, Callable[[], bool]] = {
            "unpopular": lambda: share < 1 / 2,
            "popular": lambda: share >= 1 / 2,
            "isolated": lambda: share < 1 / 10,
            "unpopular_third": lambda: share < 1 / 3,
            "hegemon_specific": lambda: share < 1 / 2 and alone,
            "hegemon_specific_loo": lambda: share < 1 / 2 and alone,
        }
        return holds[vote_class]()

    def _is_important(self, rcid: int) -> bool:
        roll_call = self._ballots.roll_calls[rcid]
        first, last = self._flagged
        session = roll_call.session or 0
        is_covered = roll_call.source == "un_votes" and first <= session <= last
        return is_covered and session != _SUSPECT_SESSION and roll_call.importance is True
