"""What is asked, with every choice read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.arguing.errors import ArgumentError
from transforms.arguing.own_allies import Spell, own_tier, tier_as_core
from transforms.metrics.claims.leaders import LEADERS
from transforms.rollcall_matrix import SESSION_OFFSET

PAPERS_LEADER = LEADERS[0]


@dataclass(frozen=True)
class Question:
    """An argument before it is computed.

    Attributes:
        claim: The claim.
        words: Choices that are words of a list.
        leader: COW code.
        spells: Own list of allies; None: the tier of the build.
        window: First and last session, or year where rows are years (`in_years`).
        known: First and last session, or year, of the build.
        without: States whose rows are left out.
        threshold: Share below which a vote is unpopular.
        least: Votes of either kind that a row needs; None: as published.
        in_years: Whether the window is one of years.
        ratio: Times that the first must have what the second has.
        one_leader: Whether it is about one leader's alliances.
    """

    claim: str
    words: Mapping[str, str]
    leader: int
    spells: Sequence[Spell] | None
    window: tuple[int, int]
    known: tuple[int, int]
    without: tuple[int, ...]
    threshold: float
    least: int | None
    in_years: bool = False
    ratio: float = 0.0
    one_leader: bool = True

    def tiers(self, ally_tier: pl.DataFrame) -> pl.DataFrame:
        """Who is an ally when, as rows of `marts.ally_tier` whose tier is core.

        Args:
            ally_tier: `marts.ally_tier`.

        Raises:
            ArgumentError: The build does not have the tier of that leader.
        """
        if self.spells is not None:
            return own_tier(self.spells, self.leader, self._years(self.known))
        return tier_as_core(ally_tier, self.leader, self.words.get("tier", "core"))

    @property
    def years(self) -> tuple[int, int]:
        """First and last year of the window."""
        return self._years(self.window)

    def _years(self, span: tuple[int, int]) -> tuple[int, int]:
        offset = 0 if self.in_years else SESSION_OFFSET
        return span[0] + offset, span[1] + offset

    def kept(self) -> pl.Expr:
        """Rows of the window, without the states that are left out.

        Without a window all rows: what follows support may lie after the last session with votes.
        """
        is_whole = tuple(self.window) == tuple(self.known)
        inside = pl.lit(True) if is_whole else pl.col("session").is_between(*self.window)
        return inside & ~pl.col("ccode").is_in(list(self.without))


def clustered(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Rows with other clusters.

    Args:
        rows: ccode, region and cluster, the wave of accession.
        by: wave, state or region.
    """
    labels = {"state": pl.format("state {}", "ccode"), "region": pl.col("region")}
    return rows.with_columns(labels.get(by, pl.col("cluster")).fill_null("").alias("cluster"))


def need_threshold(control_class: str, threshold: float, start: float) -> None:
    """Refuses control votes that would be unpopular ones, too.

    Args:
        control_class: Of the control votes.
        threshold: Share below which a vote is unpopular.
        start: Share from which votes of the class that do not begin at the threshold do.

    Raises:
        ArgumentError: They would overlap, or there would be none.
    """
    if control_class != "popular" and threshold >= start:
        raise ArgumentError(
            f"threshold={threshold:g} with controls={control_class}: the threshold has to lie below"
            f" {start:g}, or no vote is left that is {control_class}."
        )
