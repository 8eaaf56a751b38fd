"""A file of claims of one's own, in the form of edition 2, judged from published estimates.

The rule of verdicts, its levels and the leader are the edition's and cannot be set: a file that
could set them could have any verdict. Every value that a test names must be one that the build has,
since a misspelt one would look like missing data. Holm's correction runs over the claims of
the file.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from transforms.arguing.errors import ArgumentError, listed, nearest
from transforms.arguing.question import PAPERS_LEADER
from transforms.metrics.claims.claim_definitions import Claim, Listed, read_claims
from transforms.metrics.claims.claim_test import compute_edition
from transforms.metrics.claims.claim_verdict import judge_edition
from transforms.metrics.claims.estimators import MEASURES
from transforms.metrics.claims.falsifier_definitions import ClaimsError
from transforms.metrics.claims.from_metrics import TABLES
from transforms.metrics.claims.specification_curve import CELLS

FIXED = ("edition", "leader", "rule")
_KNOWN_KEYS = (*FIXED, "names", "labels", "claims")

_OF_LEADERS = ("leader", "ccode_hegemon", "hegemon", "hub")

Cells = Mapping[str, list[Mapping[str, Any]]]
"""Measure to the cells that editions list."""


def own_edition(raw: object, edition: Mapping[str, Any]) -> dict[str, Any]:
    """The file with what it may not set taken from the edition.

    Args:
        raw: The file's content.
        edition: `transforms/reference/claims.yml`.

    Raises:
        ArgumentError: It is no file of claims, sets a rule of its own, names an unknown measure, or
            contradicts itself.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("claims"), dict) or not raw["claims"]:
        raise ArgumentError("--claims: the file has no claims. Write them as in claims.yml.")
    for key in raw:
        if key not in _KNOWN_KEYS:
            raise ArgumentError(
                f"--claims: {key} is not known{nearest(str(key), _KNOWN_KEYS)}."
                f" {listed('a file', _KNOWN_KEYS)}."
            )
    for key in FIXED:
        if key in raw and raw[key] != edition[key]:
            raise ArgumentError(
                f"--claims: {key} is {raw[key]!r}, and that of the edition {edition[key]!r}. It"
                " cannot be set: leave it out."
            )
    labels = {**(raw.get("labels") or {}), **edition["labels"]}  # nobody renames a leader
    own = {**{key: edition[key] for key in FIXED}, **raw, "labels": labels}
    for name, entry in raw["claims"].items():
        tests = entry.get("tests") if isinstance(entry, dict) else None
        for block in tests if isinstance(tests, list) else ():
            measure = block.get("measure") if isinstance(block, dict) else None
            if measure not in MEASURES:
                raise ArgumentError(
                    f"{name}: measure {measure!r} is not known{nearest(str(measure), MEASURES)}."
                    f" {listed('measure', MEASURES)}."
                )
    try:
        read_claims(own)
    except ClaimsError as error:
        raise ArgumentError(f"--claims: {error}.") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ArgumentError(
            f"--claims: a claim lacks {error}, or has it in another form."
        ) from None
    return own


def tables_read(own: Mapping[str, Any]) -> tuple[str, ...]:
    """Full names of the tables that the file's tests read."""
    measures = {test.measure for claim in read_claims(own) for test in claim.tests}
    names: dict[str, None] = {}
    for measure in sorted(measures):
        about = MEASURES[measure]
        names |= dict.fromkeys(f"{about.schema}.{name}" for name in about.tables)
    return tuple(names)


def refuse_unknown_cells(
    own: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], listed_cells: Cells
) -> None:
    """Refuses tests that name what neither the build nor an edition has.

    Args:
        own: From `own_edition`.
        tables: Tables by name, without the schema.
        listed_cells: Cells of the editions, which may lack data in a build.

    Raises:
        ArgumentError: A parameter or a value is not known, or their combination is not there.
    """
    for claim in read_claims(own):
        for test in claim.tests:
            known = listed_cells.get(test.measure, [])
            if dict(test.cell) not in known:
                _refuse(test, tables, known)


def _refuse(
    test: Listed, tables: Mapping[str, pl.DataFrame], known: Iterable[Mapping[str, Any]]
) -> None:
    where = f"{test.claim}, {test.estimator}: {test.specification}"
    for key in _OF_LEADERS:
        if test.role in CELLS and test.cell.get(key, PAPERS_LEADER) != PAPERS_LEADER:
            raise ArgumentError(
                f"{where}: {key}={test.cell[key]}. Claims of a file are about the United States"
                f" ({PAPERS_LEADER}); others can be placebos, or argued with by --set leader=…."
            )
    rows = tables.get(test.measure) if test.measure in TABLES else None
    for key, value in test.cell.items():
        if rows is not None and key in rows.columns:
            values = rows[key].cast(pl.String).unique().sort().to_list()
        else:
            values = sorted({str(cell[key]) for cell in known if key in cell})
        if not values:
            keys = sorted({name for cell in known for name in cell})
            raise ArgumentError(f"{where}: no parameter {key}. {listed(test.measure, keys)}.")
        if str(value) not in values:
            hint = nearest(str(value), values)
            raise ArgumentError(
                f"{where}: {key}={value} is not known{hint}. {listed(key, values)}."
            )
    if rows is None:
        return
    same = [pl.col(key).cast(pl.String) == str(value) for key, value in test.cell.items()]
    if rows.filter(*same).is_empty():
        raise ArgumentError(
            f"{where}: the build has each of these values, but in no such combination."
        )


def judged(
    own: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Verdicts and tests of the file.

    Args:
        own: From `own_edition`.
        tables: Tables by name, without the schema.

    Returns:
        Rows of `metrics.claim_verdict` and of `metrics.claim_test`.
    """
    tests, joint = compute_edition(own, tables)
    return judge_edition(own, tests, joint), tests


def warnings_of(own: Mapping[str, Any], edition: Mapping[str, Any]) -> list[str]:
    """What the file leaves out or sets otherwise than the edition's claim of the same name."""
    theirs = {claim.name: claim for claim in read_claims(edition)}
    found = []
    for claim in read_claims(own):
        found += [f"{claim.name}: {text}." for text in _differences(claim, theirs.get(claim.name))]
    return found


def _differences(claim: Claim, theirs: Claim | None) -> list[str]:
    texts = []
    if not claim.interval_falsifiers and (theirs is None or theirs.interval_falsifiers):
        texts.append("nothing could falsify it")
    if not claim.is_in_holm and (theirs is None or theirs.is_in_holm):
        texts.append("it is kept out of Holm's correction")
    (primary,) = (test for test in claim.tests if test.role == "primary")
    if theirs is None:
        return texts
    (other,) = (test for test in theirs.tests if test.role == "primary")
    if primary.bound != other.bound:
        texts.append(f"its bound is {primary.bound}, that of the edition {other.bound}")
    if primary.expected != other.expected:
        texts.append(f"it expects {primary.expected}, the edition {other.expected}")
    missing = len(theirs.interval_falsifiers) - len(claim.interval_falsifiers)
    if missing > 0:
        texts.append(f"{missing} of the edition's falsifiers are left out")
    if len(claim.weakening) < len(theirs.weakening):
        texts.append("weakening conditions of the edition are left out")
    return texts
