"""A case of a hostile or broken source: what is published, what comes of it, in which words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Outcome = Literal["handled", "refused", "warned"]
"""`handled`: the right bytes or rows come all the same. `refused`: nothing is stored or published.
`warned`: published, and said."""

INTACT = r"intact|untouched"
"""Every refusal says that what was there before is still there."""


@dataclass(frozen=True)
class Case(Generic[T]):
    """One case.

    Attributes:
        name: What the source does, in words.
        make: Makes what is published.
        outcome: What has to come of it.
        says: Patterns that the message has to have, besides the source's name and what is intact.
    """

    name: str
    make: T
    outcome: Outcome
    says: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The name, for the list of tests."""
        return self.name


Edit = Callable[[bytes], bytes]
"""Bytes of a good file to bytes of a bad one."""


def refused(name: str, make: T, *says: str) -> Case[T]:
    """A case that nothing is stored or published of."""
    return Case(name, make, "refused", says)


def handled(name: str, make: T, *says: str) -> Case[T]:
    """A case that makes no difference."""
    return Case(name, make, "handled", says)


def warned(name: str, make: T, *says: str) -> Case[T]:
    """A case that is published with a warning."""
    return Case(name, make, "warned", says)
