"""`metrics.claim_test` and `metrics.claim_joint_test`: every listed test of every claim.

The files of claims list the tests, one file per edition, and measures compute them from metrics
and marts. Estimates read from other tables keep their interval and p-value; where a table has no
p-value it is that of a normal interval. Families of Holm's correction: edition 1 all primaries;
edition 2 those of abstract and of derived claims apart, for the United States alone; the claims of
other leaders are replications and stay unadjusted.

References: Istomin and Baykov 2019 (MEMO 63(1): 34-48); Holm 1979 (Scandinavian Journal of
Statistics 6: 65-70).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from transforms.metrics.claims.claim_definitions import (
    Claim,
    Listed,
    edition_of,
    leaders_of,
    read_claims,
)
from transforms.metrics.claims.columns import JOINT_SCHEMA, SCHEMA, row_of
from transforms.metrics.claims.editions import FIRST_EDITION
from transforms.metrics.claims.estimate import Finding, Tested, p_from_interval, widened
from transforms.metrics.claims.estimators import MEASURES, compute
from transforms.metrics.claims.holm import holm
from transforms.metrics.claims.joint_test import N_DRAWS, SEED, joint_test, score_t
from transforms.metrics.claims.leaders import PAPER_LEADER
from transforms.metrics.claims.specification_curve import are_distinct
from transforms.step_result import StepResult

TABLE = "metrics.claim_test"
JOINT_TABLE = "metrics.claim_joint_test"

KEY = ("claim", "edition", "leader", "estimator", "specification")


def build_claim_test(
    *, claims: Mapping[str, Any], claims_edition_1: Mapping[str, Any], **tables: pl.DataFrame
) -> StepResult:
    """Computes all tests of both editions.

    Args:
        claims: `transforms/reference/claims.yml`, the newest edition.
        claims_edition_1: `transforms/reference/claims_edition_1.yml`.
        **tables: The tables that the measures read (`estimators.MEASURES`), by their names
            without the schema.

    Returns:
        One row per listed test, computed or with its `null_reason`; not_computed where its table
        is missing. One joint test per claim of the newest edition. Nothing is lost.

    Raises:
        ClaimsError: A file of claims contradicts itself.
    """
    found = [
        compute_edition(raw, tables, leader)
        for raw in (claims_edition_1, claims)
        for leader in leaders_of(raw)
    ]
    return StepResult(
        {
            TABLE: pl.concat([tests for tests, _ in found]).sort(KEY),
            JOINT_TABLE: pl.concat([joint for _, joint in found]),
        }
    )


def compute_edition(
    raw: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], leader: int | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Computes all tests of one edition and leader.

    Args:
        raw: The file of claims.
        tables: Those that the measures read, by their names without the schema.
        leader: COW code; None: the first of the file.

    Returns:
        Rows of `metrics.claim_test` and of `metrics.claim_joint_test`.
    """
    leader = leader or leaders_of(raw)[0]
    claims = read_claims(raw, leader)
    findings = _findings(claims, tables)
    rows = tests_frame({**raw, "leader": leader}, claims, findings)
    if edition_of(raw) == FIRST_EDITION:
        return rows, pl.DataFrame(schema=JOINT_SCHEMA)
    return rows, _joint_tests(raw, claims, findings, leader)


def _findings(claims: Sequence[Claim], tables: Mapping[str, pl.DataFrame]) -> list[Finding]:
    """One finding per test; the tests of one measure and claim are computed in one call."""
    listed = [test for claim in claims for test in claim.tests]
    once = {claim.name for claim in claims if claim.judged_once}
    groups: dict[tuple[str, str], list[int]] = {}
    for place, test in enumerate(listed):
        if test.claim in once:
            continue
        groups.setdefault((test.claim, test.measure), []).append(place)
    found: dict[int, Finding] = {}
    for (_, measure), places in groups.items():
        results = compute(measure, [listed[place].cell for place in places], tables)
        found |= dict(zip(places, results, strict=True))
    nothing = Finding(null_reason="judged_once")
    return [found.get(place, nothing) for place in range(len(listed))]


def tests_frame(
    raw: Mapping[str, Any],
    claims: Sequence[Claim],
    findings: Sequence[Finding],
) -> pl.DataFrame:
    """Tests with their findings as rows of `metrics.claim_test`.

    Args:
        raw: The file of claims, for its edition, level and first leader.
        claims: Its claims.
        findings: One per test, in the order of the claims and their tests.
    """
    leader = leaders_of(raw)[0]
    rows: list[dict[str, Any]] = []
    left = iter(findings)
    for claim in claims:
        pairs = [(test, next(left)) for test in claim.tests]
        distinct = are_distinct([tested(test, finding) for test, finding in pairs])
        for (test, finding), is_distinct in zip(pairs, distinct, strict=True):
            p_value = _p_value(finding)
            about = {
                "edition": edition_of(raw),
                "leader": leader,
                "origin": claim.origin,
                "is_distinct": is_distinct,
                "p_value": p_value,
                "score_t": score_t(finding.scores) if finding.scores else None,
                "source_table": MEASURES[test.measure].source_table,
            }
            rows.append(row_of(test, finding, tested(test, finding)) | about)
    if leader == PAPER_LEADER:
        for family in _families(claims):
            _adjust([r for r in rows if r["is_primary"] and r["claim"] in family], _alpha(raw))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(KEY)


def _p_value(found: Finding) -> float | None:
    if found.p_value is not None or found.estimate is None:
        return found.p_value
    if found.ci_low is None or found.ci_high is None:
        return None
    return p_from_interval(found.estimate, found.ci_low, found.ci_high)


def _alpha(raw: Mapping[str, Any]) -> float:
    return float(raw["rule"]["alpha"])


def _families(claims: Iterable[Claim]) -> list[set[str]]:
    """Claims whose primaries are corrected for each other."""
    families: dict[str | None, set[str]] = {}
    for claim in claims:
        if claim.is_in_holm:
            families.setdefault(claim.origin, set()).add(claim.name)
    return list(families.values())


def _adjust(primaries: Sequence[dict[str, Any]], alpha: float) -> None:
    adjusted = holm([row["p_value"] for row in primaries], alpha)
    for row, found in zip(primaries, adjusted, strict=True):
        if found is not None:
            low, high = widened(row["ci_low"], row["estimate"], row["ci_high"], found[1])
            row |= {"p_holm": found[0], "ci_low_holm": low, "ci_high_holm": high}


def tested(test: Listed, found: Finding) -> Tested:
    """A finding with what the file of claims says of its test."""
    return Tested(
        test.estimator,
        test.specification,
        test.role,
        test.expected,
        found.estimate,
        found.ci_low,
        found.ci_high,
        test.bound if found.bound is None else found.bound,
        n=found.n,
    )


def _joint_tests(
    raw: Mapping[str, Any], claims: Sequence[Claim], findings: Sequence[Finding], leader: int
) -> pl.DataFrame:
    left = iter(findings)
    rows = []
    for claim in claims:
        pairs = [(test, next(left)) for test in claim.tests]
        distinct = are_distinct([tested(test, finding) for test, finding in pairs])
        cells = [pair for pair, is_distinct in zip(pairs, distinct, strict=True) if is_distinct]
        computed = [(t, f) for t, f in cells if f.estimate is not None]
        without = sorted(f"{t.estimator}: {t.specification}" for t, f in computed if not f.scores)
        found = joint_test([_signed(t, f.scores) for t, f in computed if f.scores])
        rows.append(
            {
                "claim": claim.name,
                "edition": edition_of(raw),
                "leader": leader,
                "median_t": found.statistic,
                "p_value": found.p_value,
                "n_cells": found.n_cells,
                "n_clusters": found.n_clusters,
                "n_without_scores": len(without),
                "cells_without_scores": " | ".join(without) or None,
                "n_draws": N_DRAWS,
                "seed": SEED,
                "null_reason": None if found.n_cells else "no_scores",
            }
        )
    return pl.DataFrame(rows, schema=JOINT_SCHEMA, orient="row")


def _signed(test: Listed, scores: Mapping[str, float]) -> dict[str, float]:
    sign = -1.0 if test.expected == "negative" else 1.0
    return {cluster: sign * score for cluster, score in scores.items()}


def tested_of(rows: pl.DataFrame, claim: Claim) -> list[Tested]:
    """The tests of a claim, as input of the verdict rule, in the order of the file.

    Args:
        rows: `metrics.claim_test` of one edition and leader.
        claim: The claim.

    Raises:
        ValueError: A listed test has no row.
    """
    by_name = {
        (row["estimator"], row["specification"]): row
        for row in rows.filter(pl.col("claim") == claim.name).iter_rows(named=True)
    }
    if absent := [t for t in claim.tests if (t.estimator, t.specification) not in by_name]:
        raise ValueError(
            f"{claim.name}: no row for {absent[0].estimator}: {absent[0].specification}"
        )
    return [
        Tested(
            estimator=test.estimator,
            specification=test.specification,
            role=test.role,
            expected=test.expected,
            estimate=row["estimate"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            bound=row["equivalence_bound"],
            ci_low_holm=row["ci_low_holm"],
            ci_high_holm=row["ci_high_holm"],
            n=row["n"],
        )
        for test in claim.tests
        for row in (by_name[test.estimator, test.specification],)
    ]
