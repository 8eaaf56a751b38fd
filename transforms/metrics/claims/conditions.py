"""Conditions on the tests of a claim: falsifiers of edition 1, what weakens a claim in edition 2.

A falsifier is a list of conditions that must all hold. A condition picks tests by patterns on
estimator and specification, says how many of them (every, any, or more than a share), and what
must be true of each:

==================  ===============================================================
includes_zero       the unadjusted interval contains 0
as_expected         the expected sign with an interval without 0
not_as_expected     not both the expected sign and an interval without 0
wrong_sign          the estimate is 0 or has the unexpected sign
within_bound        the interval lies within the equivalence bound
zero_or_opposite    the interval lies within the bound, or wholly on the other side
at_least: x         the estimate is x or more
at_most: x          the estimate is x or less
as_large_as: rows   the estimate is at least as large as the largest among other tests;
                    with `same_estimator`, among those of its own estimator
not_above: rows     the lower end of the interval does not exceed the largest estimate among
                    other tests
==================  ===============================================================

A test that could not be computed makes its condition unknown, unless the others settle it, and
a falsifier with an unknown condition is not testable, unless another condition is false.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from transforms.metrics.claims.estimate import Tested

COMPARED_WITH_TESTS = ("as_large_as", "not_above")


class FalsifierError(ValueError):
    """A falsifier matches no test, or has an unknown condition."""


@dataclass(frozen=True)
class Condition:
    """One condition.

    Attributes:
        rows: Patterns `estimator: specification` (shell wildcards).
        holds: Name of what must be true, from the table above.
        value: Number that at_least and at_most compare with.
        than: Patterns of the tests that as_large_as and not_above compare with.
        same_estimator: Compare within the estimator.
        quantifier: every, any, or more_than.
        share: For more_than.
    """

    rows: tuple[str, ...]
    holds: str
    value: float = 0.0
    than: tuple[str, ...] = ()
    same_estimator: bool = False
    quantifier: str = "every"
    share: float = 0.5


@dataclass(frozen=True)
class Falsifier:
    """A sentence, and the conditions that make it true.

    Attributes:
        says: The sentence.
        conditions: All of them must hold.
        only_weakens: It keeps a claim from being supported, but does not refute it.
    """

    says: str
    conditions: tuple[Condition, ...] = field(default_factory=tuple)
    only_weakens: bool = False


def fires(falsifier: Falsifier, tests: Sequence[Tested]) -> bool | None:
    """Evaluates a falsifier.

    Args:
        falsifier: The falsifier.
        tests: All tests of its claim.

    Returns:
        Whether it fires; None where that cannot be said.

    Raises:
        FalsifierError: A pattern picks no test.
    """
    answers = [_condition(condition, tests) for condition in falsifier.conditions]
    if any(answer is False for answer in answers):
        return False
    return None if any(answer is None for answer in answers) else True


def reads_listed(falsifier: Falsifier, names: Iterable[str]) -> bool:
    """Whether each pattern of a falsifier fits a test of these names."""
    listed = tuple(names)
    patterns = [p for c in falsifier.conditions for p in (*c.rows, *c.than)]
    return all(any(fnmatchcase(name, pattern) for name in listed) for pattern in patterns)


def picked(patterns: Sequence[str], tests: Sequence[Tested]) -> list[Tested]:
    """The tests whose name fits one of the patterns.

    Raises:
        FalsifierError: A pattern fits none.
    """
    for pattern in patterns:
        if not any(fnmatchcase(row.name, pattern) for row in tests):
            raise FalsifierError(f"no test of the claim is named like {pattern!r}")
    return [row for row in tests if any(fnmatchcase(row.name, p) for p in patterns)]


def _condition(condition: Condition, tests: Sequence[Tested]) -> bool | None:
    rows = picked(condition.rows, tests)
    rivals = picked(condition.than, tests) if condition.than else []
    answers = [_answer(condition, row, rivals) for row in rows]
    if condition.quantifier == "any":
        if any(answers):
            return True
        return None if any(a is None for a in answers) else False
    if condition.quantifier == "more_than":
        known = [a for a in answers if a is not None]
        return sum(known) > condition.share * len(known) if known else None
    if any(a is False for a in answers):
        return False
    return None if any(a is None for a in answers) else True


def _answer(condition: Condition, row: Tested, rivals: Sequence[Tested]) -> bool | None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return None
    simple: dict[str, Any] = {
        "includes_zero": not row.excludes_zero,
        "as_expected": row.as_expected,
        "not_as_expected": not row.as_expected,
        "wrong_sign": not row.sign_as_expected,
        "within_bound": row.within_bound,
        "zero_or_opposite": row.within_bound or (row.excludes_zero and not row.sign_as_expected),
        "at_least": row.estimate >= condition.value,
        "at_most": row.estimate <= condition.value,
    }
    if condition.holds in simple:
        return bool(simple[condition.holds])
    if condition.holds not in COMPARED_WITH_TESTS:
        raise FalsifierError(f"{condition.holds!r} is no condition")
    if condition.same_estimator:
        rivals = [r for r in rivals if r.estimator == row.estimator]
    known = [r.estimate for r in rivals if r.estimate is not None]
    if not known:
        return None
    largest = max(known)
    return row.ci_low <= largest if condition.holds == "not_above" else row.estimate >= largest
