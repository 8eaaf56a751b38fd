"""C2c, C2d, C2e with other definitions: who supports a coalition, from the lists anew."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.errors import ArgumentError
from transforms.arguing.question import Question
from transforms.metrics.coalitions.alliance_ties import Ties
from transforms.metrics.coalitions.coalition_model import FITS
from transforms.metrics.coalitions.coalition_unpopularity import (
    effects_frame,
    operations_of,
    sample_of,
    slope_of,
)
from transforms.metrics.coalitions.events import Event, events
from transforms.metrics.coalitions.ordinal import levels_of_support
from transforms.metrics.coalitions.samples import Population, Sample
from transforms.metrics.coalitions.specifications import LOGITS, Row, exact_tests

TABLES = (
    "core.coalition_support",
    "core.states",
    "core.treaty_allies",
    "core.obligations",
    "marts.ally_tier",
    "core.gdp",
    "core.ideal_points_published",
)
LISTS = ("nato_aspirants", "warsaw_pact_states")
RANKED_LISTS = ("nato_aspirants", "coalition_operations", "coalition_unpopularity")
COALITIONS = {"C2c": "iraq_2003", "C2d": "daesh"}
WHOLE_LIST = "as_published"
ANY_LEVEL = "1"

Tables = Mapping[str, pl.DataFrame]


def coalition_answer(question: Question, tables: Tables) -> Answer:
    """Estimates one argument about C2c or C2d.

    Args:
        question: What is asked.
        tables: Tables by their full names, and hand-coded lists by theirs.

    Raises:
        ArgumentError: Choices contradict each other.
    """
    words = question.words
    if words["specification"] == "ordinal" and words["level"] != ANY_LEVEL:
        raise ArgumentError(
            f"level={words['level']} with specification=ordinal: it models all levels at once."
            f" Known for level: {ANY_LEVEL}."
        )
    population = Population(
        tables["core.states"],
        ties_of(question, tables),
        gdp=tables["core.gdp"],
        ideal_points_published=tables["core.ideal_points_published"],
        warsaw_pact_states=tables["warsaw_pact_states"],
    )
    event = _event(question, tables["core.coalition_support"])
    sample = population.sample(event, _tier(question), words["tie_rule"])
    if sample is None:
        return answer_as_published({"null_reason": "out_of_coverage"}, Counts(rows=0))
    sample = _without(sample, question.without)
    if words["level"] != ANY_LEVEL:
        sample = sample.at_level(int(words["level"]))
    row = _row(sample, words["specification"], words["term"])
    return answer_as_published({**row, "inference": words["specification"]}, _counts(sample))


def ranked_answer(question: Question, tables: Tables) -> Answer:
    """Estimates one argument about C2e.

    Args:
        question: What is asked.
        tables: Tables by their full names, and hand-coded lists by theirs.
    """
    operations = operations_of(
        tables["core.coalition_support"],
        tables["coalition_operations"],
        tables["coalition_unpopularity"],
    )
    population = Population(tables["core.states"], ties_of(question, tables))
    tier, specification = _tier(question), question.words["specification"]
    samples = [sample_of(population, operation, tier) for operation in operations]
    kept = [None if one is None else _without(one, question.without) for one in samples]
    effects = effects_frame(
        (tier, specification, operation, sample)
        for operation, sample in zip(operations, kept, strict=True)
    )
    row = slope_of(effects.sort("coalition"))
    known = [sample for sample in kept if sample is not None]
    counts = Counts(
        rows=effects.drop_nulls("estimate").height,
        allies=len({code for sample in known for code in sample.ccodes[sample.ally].tolist()}),
    )
    return answer_as_published(row, counts, is_rounded=True)


def ties_of(question: Question, tables: Tables) -> Ties:
    """Allies by day: those of the build, or of an own list, as its core tier.

    Args:
        question: What is asked.
        tables: `core.treaty_allies`, `core.obligations`, `marts.ally_tier` and `nato_aspirants`.
    """
    treaties, tiers = tables["core.treaty_allies"], tables["marts.ally_tier"]
    if question.spells is not None:
        rows = [
            (question.leader, spell.ccode, _tier(question), spell.first, spell.last)
            for spell in question.spells
        ]
        columns = ("ccode_hegemon", "ccode", "tier", "in_force_from", "in_force_to")
        schema = {name: treaties.schema[name] for name in columns}
        treaties, tiers = pl.DataFrame(rows, schema=schema, orient="row"), question.tiers(tiers)
    return Ties(treaties, tables["core.obligations"], tiers, tables["nato_aspirants"])


def _tier(question: Question) -> str:
    return "core" if question.spells is not None else question.words["tier"]


def _event(question: Question, coalition_support: pl.DataFrame) -> Event:
    words = question.words
    version = words.get("list_version", WHOLE_LIST)
    wanted = (COALITIONS[question.claim], date.fromisoformat(words["as_of"]), version)
    for event in events(coalition_support):
        if (event.coalition, event.as_of, event.list_version) == wanted:
            return event
    raise ArgumentError(
        f"list_version={version} with as_of={words['as_of']}: names were disputed on the list of"
        " 2003-03-27 alone. Leave one of the two as published."
    )


def _without(sample: Sample, without: tuple[int, ...]) -> Sample:
    return sample.where(~np.isin(sample.ccodes, without)) if without else sample


def _row(sample: Sample, specification: str, term: str) -> Row:
    if specification == "fisher":
        rows = exact_tests(sample)
    elif specification == "ordinal":
        rows = levels_of_support(sample)
    else:
        rows = FITS[specification](sample, specification, LOGITS[specification])
    found = [r for r in rows if r["specification"] == specification and r["term"] == term]
    if not found:
        raise ArgumentError(
            f"term={term} with specification={specification}: it compares allies with all others."
            " Known for term: ally."
        )
    return found[0]


def _counts(sample: Sample) -> Counts:
    return Counts(
        rows=len(sample.ccodes),
        states=len(sample.ccodes),
        allies=int(sample.ally.sum()),
        supporters=int(sample.support.sum()),
    )
