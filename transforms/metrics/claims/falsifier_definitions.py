"""Reads falsifiers and weakening conditions from a file of claims."""

from collections.abc import Mapping
from typing import Any

from transforms.metrics.claims.conditions import COMPARED_WITH_TESTS, Condition, Falsifier
from transforms.metrics.claims.interval_falsifiers import ABOVE, BELOW, IntervalFalsifier
from transforms.metrics.claims.verdict_rule import share

SIMPLE = (
    *("includes_zero", "as_expected", "not_as_expected", "wrong_sign"),
    *("within_bound", "zero_or_opposite"),
)
COMPARED = ("at_least", "at_most")


class ClaimsError(ValueError):
    """The file of claims contradicts itself."""


def read_falsifier(name: str, raw: Mapping[str, Any]) -> Falsifier:
    """A list of conditions that must all hold, with its sentence.

    Args:
        name: The claim.
        raw: says, when, only_weakens.

    Raises:
        ClaimsError: A condition is malformed.
    """
    return Falsifier(
        " ".join(raw["says"].split()),
        tuple(_condition(name, c) for c in raw["when"]),
        only_weakens=bool(raw.get("only_weakens", False)),
    )


def read_interval_falsifier(name: str, raw: Mapping[str, Any]) -> IntervalFalsifier:
    """One test, one number and a side.

    Args:
        name: The claim.
        raw: says, test, and below or above.

    Raises:
        ClaimsError: It has not exactly one side.
    """
    sides = [side for side in (BELOW, ABOVE) if side in raw]
    if len(sides) != 1:
        raise ClaimsError(f"{name}: a falsifier's interval lies below or above a number")
    says, test = (" ".join(raw[key].split()) for key in ("says", "test"))
    return IntervalFalsifier(says, test, sides[0], float(raw[sides[0]]))


def _condition(name: str, raw: Mapping[str, Any]) -> Condition:
    quantifiers = [q for q in ("every", "any", "more_than") if q in raw]
    if len(quantifiers) != 1:
        raise ClaimsError(f"{name}: a condition says every, any or more_than, and one of them")
    quantifier = quantifiers[0]
    rows = raw[quantifier]
    part = 0.5
    if quantifier == "more_than":
        part, rows = share(rows["share"]), rows["of"]
    condition = raw["is"]
    patterns = (rows,) if isinstance(rows, str) else tuple(rows)
    if isinstance(condition, str):
        if condition not in SIMPLE:
            raise ClaimsError(f"{name}: {condition!r} is no condition")
        return Condition(patterns, condition, quantifier=quantifier, share=part)
    ((holds, value),) = condition.items()
    if holds in COMPARED:
        return Condition(patterns, holds, float(value), quantifier=quantifier, share=part)
    if holds not in COMPARED_WITH_TESTS:
        raise ClaimsError(f"{name}: {holds!r} is no condition")
    than = (value,) if isinstance(value, str) else tuple(value)
    same = bool(raw.get("same_estimator", False))
    return Condition(patterns, holds, 0.0, than, same, quantifier, part)
