"""C4 with other definitions: how densely a hub's partners are tied, region against region.

An own list of allies is who the hub's partners are; ties among them are ATOP's all the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from transforms.arguing.answer import Answer, Counts, answer_as_published
from transforms.arguing.errors import ArgumentError, listed
from transforms.arguing.own_allies import Spell
from transforms.arguing.question import Question
from transforms.core.states import REGIONS
from transforms.coverage import Coverage
from transforms.metrics.networks.adjacency import year_pledges
from transforms.metrics.networks.partner_ties import Nodes, Year, nodes_of
from transforms.metrics.networks.spoke_contrast import between_regions

TABLES = ("core.obligations", "core.alliances", "core.states", "marts.ally_tier")
COVERAGE = ("atop", "cow_states")
ELSEWHERE = "elsewhere"
OTHER_REGIONS = ("europe", ELSEWHERE, *(region for region in REGIONS if region != "europe"))


def spokes_answer(
    question: Question, tables: Mapping[str, pl.DataFrame], coverage: Mapping[str, Coverage]
) -> Answer:
    """Estimates one argument.

    Args:
        question: What is asked.
        tables: Tables by their full names.
        coverage: Of `atop` and `cow_states`.

    Raises:
        ArgumentError: A region is compared with itself.
    """
    words = question.words
    region, other = words["region"], words["region_other"]
    if region == other:
        known = [name for name in OTHER_REGIONS if name != region]
        raise ArgumentError(
            f"region_other={other} is the region itself. {listed('region_other', known)}."
        )
    others = [r for r in REGIONS if r != region] if other == ELSEWHERE else [other]
    first, last = question.window
    inside = pl.col("year").is_between(first, last)
    pledges = year_pledges(
        tables["core.obligations"].filter(inside),
        tables["core.alliances"],
        tables["core.states"],
        coverage,
    )
    years = [year for year in pledges if first <= year.year <= last]
    nodes = nodes_of(years, question.leader, (region, *others))
    if question.spells is not None:
        partners = _partners(nodes, question.spells, [year.year for year in years])
        nodes = replace(nodes, years=tuple(partners))
    nodes = _without(nodes, question.without)
    row, _ = between_regions(nodes, region, words["weighting"])
    counts = Counts(
        rows=int(row["n"]),
        allies=int(row["n_partners"]) + int(row["n_partners_other"]),
        years=(years[0].year, years[-1].year) if years else None,
    )
    return answer_as_published(row, counts, is_rounded=True)


def _partners(nodes: Nodes, spells: Sequence[Spell], years: list[int]) -> Iterator[Year]:
    """The same years with the partners of a list: a tie on any day of a year counts."""
    for number, year in zip(years, nodes.years, strict=True):
        allied = {
            spell.ccode
            for spell in spells
            if spell.first.year <= number and (spell.last is None or number <= spell.last.year)
        }
        is_partner = np.isin(nodes.ccodes, list(allied)) * year.is_present
        yield replace(year, is_partner=is_partner)


def _without(nodes: Nodes, without: tuple[int, ...]) -> Nodes:
    """The same without some states, in no year and in no tie."""
    kept = np.flatnonzero(~np.isin(nodes.ccodes, without))
    years = tuple(
        Year(year.ties[np.ix_(kept, kept)], year.is_partner[kept], year.is_present[kept])
        for year in nodes.years
    )
    names = [(nodes.ccodes[i], nodes.regions[i]) for i in kept.tolist()]
    return Nodes(tuple(code for code, _ in names), tuple(region for _, region in names), years)
