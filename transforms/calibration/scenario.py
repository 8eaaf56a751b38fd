"""Families of worlds: claims, scenarios, and how a world is drawn.

A scenario defines the truth: `absent` (no effect), `confounded` (no effect either, but something
else that looks like one) or `present` (an effect of a known size). World number k of a family
uses the same random numbers in every scenario, so a power curve follows the same worlds over
effect sizes.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

SEED = 20190634

ABSENT, CONFOUNDED, PRESENT = "absent", "confounded", "present"
PRIMARY = "primary"
"""Name of a claim's primary test among truths."""

Tables = dict[str, pl.DataFrame]
Values = NDArray[Any]
"""Codes, flags or numbers, one per state or alliance."""


@dataclass(frozen=True)
class Scenario:
    """The truth of a world.

    Attributes:
        kind: absent, confounded or present.
        size: Size of the effect, in the family's own unit; 0 unless present.
        variant: Tells scenarios of the same kind and size apart.
        true_claims: The claims that are true; None: all if present, else none.
    """

    kind: str
    size: float = 0.0
    variant: str = ""
    true_claims: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """Kind, variant and size in one word or a few."""
        size = f"{self.size:g}" if self.kind == PRESENT else ""
        return " ".join(part for part in (self.kind, self.variant, size) if part)

    def holds(self, claim: str) -> bool:
        """Whether a claim is true."""
        if self.true_claims is not None:
            return claim in self.true_claims
        return self.kind == PRESENT


@dataclass(frozen=True)
class Measured:
    """An estimate in a world, of an estimator that no verdict rests on.

    Attributes:
        claim: The claim that it is about.
        test: "estimator: specification".
        estimate: NULL, as its interval, where it could not be made.
        ci_low: Lower end of its 95 % interval.
        ci_high: Upper end.
    """

    claim: str
    test: str
    estimate: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True)
class Family:
    """Worlds for one or several claims.

    Attributes:
        name: Name.
        claims: Claims that are judged.
        scenarios: The possible truths.
        make: Draws a world: the tables that the tests of the claims read, by their names
            without the schema, made by the pipeline's own functions from drawn inputs.
        truths: "estimator: specification", or `PRIMARY`, to the true value of its estimand, in a
            scenario; only those that are known.
        unit: What an effect of size 1 is.
        part: Share of the requested worlds that is drawn; below 1 where a world takes seconds.
        edition: Edition of the claims that it judges.
        reads: Tables of the published build that worlds are drawn on (who was whose ally when,
            how many roll calls a session had). Empty: a world is made up as a whole.
        references: Hand-coded lists that belong to them.
        basis: From these tables, by their names without the schema, to what `make` gets as a
            third argument and `truths` as a second; the same for all worlds, so made once.
        is_primary_only: Whether only the primary test is computed, for its coverage in many
            worlds; the verdicts of such a family say nothing of the rule, and are not counted.
        measure: From a world's tables to estimates, where no verdict rests on the estimator: no
            claim is judged in such a family.
    """

    name: str
    claims: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    make: Callable[..., Tables]
    truths: Callable[..., Mapping[str, Mapping[str, float]]]
    unit: str
    part: float = 1.0
    edition: int = 1
    reads: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    basis: Callable[[Tables], Any] = dict
    is_primary_only: bool = False
    measure: Callable[[Tables], Sequence[Measured]] | None = None

    def basis_of(self, real: Mapping[str, pl.DataFrame]) -> Any:
        """What its worlds are drawn on.

        Args:
            real: Published tables and lists, its own at least, by their names without the
                schema.
        """
        names = (*map(bare, self.reads), *self.references)
        return self.basis({name: real[name] for name in names})

    def world(self, scenario: Scenario, number: int, basis: Any) -> Tables:
        """Draws one world.

        Args:
            scenario: The truth of the world.
            number: Number of the world, from 0.
            basis: What it is drawn on (`basis_of`).
        """
        rng = rng_of(self.name, number)
        return self.make(scenario, rng, basis) if self.reads else self.make(scenario, rng)


def in_edition_2(family: Family, claims: tuple[str, ...], part: float) -> Family:
    """The same worlds for claims of the second edition whose measure is that of the first.

    Args:
        family: A family of the first.
        claims: Its claims that the second has too.
        part: Share of the requested worlds that is drawn.
    """
    return replace(family, name=f"{family.name}_2", claims=claims, part=part, edition=2)


def bare(table: str) -> str:
    """Name of a table without its schema."""
    return table.partition(".")[2]


def rng_of(family: str, number: int) -> np.random.Generator:
    """The random numbers of one world; the same wherever and in whatever order it is made.

    Args:
        family: Name of the family.
        number: Number of the world.
    """
    return np.random.default_rng([SEED, zlib.crc32(family.encode()), number])


def present(*sizes: float) -> tuple[Scenario, ...]:
    """A scenario with the effect for every size."""
    return tuple(Scenario(PRESENT, size) for size in sizes)
