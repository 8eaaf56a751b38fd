"""Reads the file of claims: tests, falsifiers and thresholds.

A claim's `tests` are blocks. A block names a measure and lists values of its parameters; it expands
to their product, so that a whole grid is stated before anything is computed:

    - role: grid
      measure: rise
      each: {variable: [cinc, milex], q: [2, 3, 5]}
      except: [{variable: milex, q: 5}]
      estimator: alliance_year
      specification: "{variable}, ratio ≥ {q}"

A block of one test whose role is primary is the claim's one primary specification.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from transforms.metrics.claims.falsifiers import COMPARED_WITH_TESTS, Condition, Falsifier
from transforms.metrics.claims.verdict_rule import Rules

ROLES = ("primary", "grid", "placebo", "falsifier")
SIGNS = ("positive", "negative", "zero")
SIMPLE = (
    *("includes_zero", "as_expected", "not_as_expected", "wrong_sign"),
    *("within_bound", "zero_or_opposite"),
)
COMPARED = ("at_least", "at_most")

Labels = Mapping[str, Mapping[Any, str]]


class ClaimsError(ValueError):
    """The file of claims contradicts itself."""


@dataclass(frozen=True)
class Listed:
    """One test that the file lists.

    Attributes:
        claim: The claim.
        measure: Name of the function that computes it.
        cell: Its parameters.
        role: primary, grid, placebo or falsifier.
        estimator: Name of the estimator.
        specification: Data and choices, in words.
        estimand: What is estimated.
        expected: Expected sign.
        bound: Equivalence bound.
    """

    claim: str
    measure: str
    cell: Mapping[str, Any]
    role: str
    estimator: str
    specification: str
    estimand: str
    expected: str
    bound: float | None


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes:
        name: C1a, …
        statement: The claim in a sentence.
        reading: What the primary estimate is, in words.
        limits: What the tests cannot say.
        tests: All listed tests.
        falsifiers: Conditions that speak against it by themselves.
    """

    name: str
    statement: str
    reading: str
    limits: str
    tests: tuple[Listed, ...]
    falsifiers: tuple[Falsifier, ...]


def read_rules(raw: Mapping[str, Any]) -> Rules:
    """The thresholds of the verdict rule."""
    return Rules(
        grid_share=eval_share(raw["rule"]["grid_share"]),
        grid_tested=eval_share(raw["rule"]["grid_tested"]),
        alpha=float(raw["rule"]["alpha"]),
    )


def eval_share(text: Any) -> float:
    """A number, or a fraction written as one: "2/3"."""
    above, _, below = str(text).partition("/")
    return float(above) / float(below or 1)


def read_claims(raw: Mapping[str, Any]) -> tuple[Claim, ...]:
    """All claims of the file, in its order.

    Args:
        raw: The file's content.

    Raises:
        ClaimsError: A claim has no or several primary specifications, a role or sign is
            unknown, two tests of a claim have the same name, or a falsifier is malformed.
    """
    labels = raw.get("labels", {})
    return tuple(_claim(name, entry, labels) for name, entry in raw["claims"].items())


def _claim(name: str, entry: Mapping[str, Any], labels: Labels) -> Claim:
    listed: dict[str, Listed] = {}
    for block in entry["tests"]:
        for test in _expand(name, entry, block, labels):
            label = f"{test.estimator}: {test.specification}"
            if label in listed:
                if listed[label].role == "primary" and test.cell == listed[label].cell:
                    continue  # the grid lists the primary too, which counts once
                raise ClaimsError(f"{name}: two tests are named {label!r}")
            listed[label] = test
    tests = tuple(listed.values())
    if sum(test.role == "primary" for test in tests) != 1:
        raise ClaimsError(f"{name}: exactly one test has to be primary")
    falsifiers = tuple(_falsifier(name, f) for f in entry["falsifiers"])
    statement, reading, limits = (
        " ".join(entry[key].split()) for key in ("statement", "reading", "limits")
    )
    return Claim(name, statement, reading, limits, tests, falsifiers)


def _expand(
    name: str, entry: Mapping[str, Any], block: Mapping[str, Any], labels: Labels
) -> Iterator[Listed]:
    role, expected = block["role"], block.get("expected", entry["expected"])
    if role not in ROLES or expected not in SIGNS:
        raise ClaimsError(f"{name}: role {role!r}, expected {expected!r}")
    lists = {k: v if isinstance(v, list) else [v] for k, v in block.get("each", {}).items()}
    template = Listed(
        claim=name,
        measure=block["measure"],
        cell={},
        role=role,
        estimator=block["estimator"],
        specification=block["specification"],
        estimand=block.get("estimand", entry["estimand"]),
        expected=expected,
        bound=block.get("equivalence", entry.get("equivalence")),
    )
    for values in product(*lists.values()):
        cell = dict(zip(lists, values, strict=True))
        if any(cell.items() >= left_out.items() for left_out in block.get("except", [])):
            continue
        words = {key: labels.get(key, {}).get(value, value) for key, value in cell.items()}
        yield replace(
            template,
            cell=cell,
            estimator=template.estimator.format(**words),
            specification=template.specification.format(**words),
        )


def _falsifier(name: str, raw: Mapping[str, Any]) -> Falsifier:
    return Falsifier(
        " ".join(raw["says"].split()),
        tuple(_condition(name, c) for c in raw["when"]),
        only_weakens=bool(raw.get("only_weakens", False)),
    )


def _condition(name: str, raw: Mapping[str, Any]) -> Condition:
    quantifiers = [q for q in ("every", "any", "more_than") if q in raw]
    if len(quantifiers) != 1:
        raise ClaimsError(f"{name}: a condition says every, any or more_than, and one of them")
    quantifier = quantifiers[0]
    rows = raw[quantifier]
    share = 0.5
    if quantifier == "more_than":
        share, rows = eval_share(rows["share"]), rows["of"]
    condition = raw["is"]
    patterns = (rows,) if isinstance(rows, str) else tuple(rows)
    if isinstance(condition, str):
        if condition not in SIMPLE:
            raise ClaimsError(f"{name}: {condition!r} is no condition")
        return Condition(patterns, condition, quantifier=quantifier, share=share)
    ((holds, value),) = condition.items()
    if holds in COMPARED:
        return Condition(patterns, holds, float(value), quantifier=quantifier, share=share)
    if holds not in COMPARED_WITH_TESTS:
        raise ClaimsError(f"{name}: {holds!r} is no condition")
    than = (value,) if isinstance(value, str) else tuple(value)
    same = bool(raw.get("same_estimator", False))
    return Condition(patterns, holds, 0.0, than, same, quantifier, share)
