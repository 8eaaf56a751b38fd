"""Reads a file of claims: tests, falsifiers and thresholds of one edition.

A claim's `tests` are blocks. A block names a measure and lists values of its parameters; it expands
to their product, so that a whole grid is stated before anything is computed:

    - role: grid
      measure: rise
      each: {variable: [cinc, milex], q: [2, 3, 5]}
      except: [{variable: milex, q: 5}]
      estimator: alliance_year
      specification: "{variable}, ratio ≥ {q}"

`each` as a value stands for the leader that is judged. For a leader but the first only such tests
are listed, and texts that name the first leader name it (`other_leaders`). A claim that does not
depend on the leader is `judged_once`: for others it has its primary alone, which is not computed.

A block of one test whose role is primary is the claim's one primary specification. Editions differ
in their rule, and in how a falsifier is stated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from transforms.metrics.claims.conditions import Falsifier, reads_listed
from transforms.metrics.claims.editions import FIRST_EDITION
from transforms.metrics.claims.falsifier_definitions import (
    ClaimsError,
    read_falsifier,
    read_interval_falsifier,
)
from transforms.metrics.claims.interval_falsifiers import IntervalFalsifier
from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.claims.other_leaders import EACH, of_leader

ROLES = ("primary", "grid", "placebo", "falsifier", "descriptive")
SIGNS = ("positive", "negative", "zero")
ORIGINS = ("abstract", "derived")

Labels = Mapping[str, Mapping[Any, str]]


@dataclass(frozen=True)
class Listed:
    """One test that the file lists.

    Attributes:
        claim: The claim.
        measure: Name of the function that computes it.
        cell: Its parameters.
        role: primary, grid, placebo, falsifier or descriptive.
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
        falsifiers: Conditions that speak against it by themselves (edition 1).
        origin: abstract or derived: who says so, the paper's abstract or its reader.
        interval_falsifiers: Those of edition 2.
        weakening: Conditions that keep it from being supported (edition 2).
        is_in_holm: Whether its primary counts in Holm's family.
        caution: What a verdict has to say of its own power or errors; empty where nothing.
        would_test: Which data would test it, where these cannot.
        judged_once: Why this leader cannot be judged by it; empty where it can.
        cannot_say: Why its estimates decide nothing for this leader, though they can be computed;
            empty where they do.
    """

    name: str
    statement: str
    reading: str
    limits: str
    tests: tuple[Listed, ...]
    falsifiers: tuple[Falsifier, ...] = ()
    origin: str | None = None
    interval_falsifiers: tuple[IntervalFalsifier, ...] = ()
    weakening: tuple[Falsifier, ...] = ()
    is_in_holm: bool = True
    caution: str = ""
    would_test: str = ""
    judged_once: str = ""
    cannot_say: str = ""


def edition_of(raw: Mapping[str, Any]) -> int:
    """Number of the edition of a file of claims."""
    return int(raw["edition"])


def leaders_of(raw: Mapping[str, Any]) -> tuple[int, ...]:
    """Leaders that a file of claims judges, the paper's case first."""
    listed = raw.get("leader", PAPER_LEADER)
    return tuple(listed) if isinstance(listed, list) else (int(listed),)


def read_claims(raw: Mapping[str, Any], leader: int | None = None) -> tuple[Claim, ...]:
    """All claims of the file, in its order, as they are of one leader.

    Args:
        raw: The file's content.
        leader: COW code; None: the first of the file.

    Raises:
        ClaimsError: A claim has no or several primary specifications, a role, sign or origin is
            unknown, two tests of a claim have the same name, or a falsifier is malformed or
            names no test; or a test that does not depend on the leader is primary in a claim that
            does not say why it is judged once.
    """
    first = leaders_of(raw)[0]
    if leader is not None and leader != first:
        raw = of_leader(raw, first, leader)
    leader = leader or first
    labels = raw.get("labels", {})
    is_first = edition_of(raw) == FIRST_EDITION
    return tuple(
        _first_claim(name, entry, labels) if is_first else _claim(name, entry, labels, leader)
        for name, entry in raw["claims"].items()
    )


def _first_claim(name: str, entry: Mapping[str, Any], labels: Labels) -> Claim:
    falsifiers = tuple(read_falsifier(name, f) for f in entry.get("falsifiers", ()))
    tests = _tests(name, entry, labels, None)
    return Claim(name, *_texts(entry), tests=tests, falsifiers=falsifiers)


def _claim(name: str, entry: Mapping[str, Any], labels: Labels, leader: int | None) -> Claim:
    if (origin := entry["origin"]) not in ORIGINS:
        raise ClaimsError(f"{name}: origin {origin!r} is none of {', '.join(ORIGINS)}")
    tests = _tests(name, entry, labels, leader)
    falsifiers = tuple(read_interval_falsifier(name, f) for f in entry.get("falsifiers", ()))
    listed = {f"{test.estimator}: {test.specification}" for test in tests}
    weakening = tuple(read_falsifier(name, f) for f in entry.get("weakening", ()))
    if entry.get("of_other_leader"):  # whose tests are fewer
        falsifiers = tuple(f for f in falsifiers if f.test in listed)
        weakening = tuple(f for f in weakening if reads_listed(f, listed))
    for falsifier in falsifiers:
        if falsifier.test not in listed:
            raise ClaimsError(f"{name}: a falsifier reads {falsifier.test!r}, which is not listed")
    return Claim(
        name,
        *_texts(entry),
        tests=tests,
        origin=origin,
        interval_falsifiers=falsifiers,
        weakening=weakening,
        is_in_holm=bool(entry.get("in_holm", True)),
        caution=" ".join(entry.get("caution", "").split()),
        would_test=" ".join(entry.get("would_test", "").split()),
        judged_once=entry.get("reason", ""),
        cannot_say=" ".join(entry.get("cannot_say", {}).get(leader, "").split()),
    )


def _texts(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    statement, reading, limits = (
        " ".join(entry[key].split()) for key in ("statement", "reading", "limits")
    )
    return statement, reading, limits


def _tests(
    name: str, entry: Mapping[str, Any], labels: Labels, leader: int | None
) -> tuple[Listed, ...]:
    listed: dict[str, Listed] = {}
    for block in entry["tests"]:
        for test in _expand(name, entry, block, labels, leader):
            label = f"{test.estimator}: {test.specification}"
            if label in listed:
                if listed[label].role == "primary" and test.cell == listed[label].cell:
                    continue  # the grid lists the primary too, which counts once
                raise ClaimsError(f"{name}: two tests are named {label!r}")
            listed[label] = test
    tests = tuple(listed.values())
    if sum(test.role == "primary" for test in tests) != 1:
        raise ClaimsError(f"{name}: exactly one test has to be primary")
    return tests


def _expand(
    name: str,
    entry: Mapping[str, Any],
    block: Mapping[str, Any],
    labels: Labels,
    leader: int | None,
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
        cell = dict(zip(lists, (leader if v == EACH else v for v in values), strict=True))
        if any(cell.items() >= left_out.items() for left_out in block.get("except", [])):
            continue
        words = {key: labels.get(key, {}).get(value, value) for key, value in cell.items()}
        yield replace(
            template,
            cell=cell,
            estimator=template.estimator.format(**words),
            specification=template.specification.format(**words),
        )
