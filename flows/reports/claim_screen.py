"""One claim on one screen: what is said, what became of it, and what would change our mind."""

import re
from collections.abc import Iterable
from typing import Any

import polars as pl

from flows.engine.reference import read_reference
from flows.reports.estimator_words import estimator_in_words
from flows.reports.verdicts import interval, p_value, state_of
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from warehouse.contracts.read import contracts

FIRST_EDITION = 1
_FILES = {FIRST_EDITION: "claims_edition_1.yml"}
_EDITION = re.compile(r" \(edition \d\)")
_SAID_ELSEWHERE = ("nothing_shown", "all_conditions_hold", "cannot_say")
"""Rules that add nothing to what the verdict itself means, or have a note."""
_SENTENCE = re.compile(r"(?<=[.:;]) ")
_LONGEST_LIMITS = 240

Lines = list[tuple[str, str]]
"""What stands on the left, and the text next to it; several lines may have the same left."""


def claim_of(name: str, edition: int, leader: int) -> Claim | None:
    """A claim as its file defines it, for one leader; None where the file has it no more."""
    raw = read_reference(_FILES.get(edition, "claims.yml"))
    if raw["edition"] != edition:
        return None
    of_leader = None if edition == FIRST_EDITION else leader
    return next((c for c in read_claims(raw, of_leader) if c.name == name), None)


def claim_screen(verdict: dict[str, Any], tests: pl.DataFrame) -> Lines:
    """What is shown of a claim.

    Args:
        verdict: Its row of metrics.claim_verdict.
        tests: Its rows of metrics.claim_test.

    Returns:
        Lines in the order in which a reader wants them.
    """
    claim = claim_of(verdict["claim"], verdict["edition"], verdict["leader"])
    lines = [(_who_says(verdict), verdict["statement"])]
    lines += [("verdict", _verdict(verdict))]
    for row in tests.filter(pl.col("is_primary")).iter_rows(named=True):
        lines += _primary(verdict, row)
    lines += [("variants", _variants(verdict))]
    if counter := verdict["strongest_counter_specification"]:
        lines += [("against it", counter_in_words(counter, tests))]
    if claim is None:
        return lines
    falsifiers = [f.says for f in claim.interval_falsifiers]
    falsifiers += [f.says for f in claim.falsifiers if not f.only_weakens]
    weakening = [f.says for f in (*claim.weakening, *claim.falsifiers) if f.only_weakens]
    weakening += [w.says for w in claim.weakening if not w.only_weakens]
    lines += _conditions("we would say no if", falsifiers, verdict)
    lines += _conditions("weaker if", weakening, verdict)
    if note := claim.cannot_say or claim.judged_once * (verdict["leader"] != 2) or claim.caution:
        lines += [("note", _sentence(note))]
    return [*lines, ("limits", _shortened(claim.limits))]


def _who_says(verdict: dict[str, Any]) -> str:
    return "the paper says" if verdict.get("origin") == "abstract" else "it follows that"


def _verdict(verdict: dict[str, Any]) -> str:
    columns = {c.name: c.codes or {} for c in contracts()["metrics.claim_verdict"].columns}
    means = _EDITION.sub("", columns["verdict"].get(verdict["verdict"], ""))
    why = "" if verdict["rule"] in _SAID_ELSEWHERE else columns["rule"].get(verdict["rule"], "")
    words = verdict["verdict"].replace("_", " ").upper()
    return f"{words}: {'; '.join(part for part in (means, why) if part)}."


def _primary(verdict: dict[str, Any], row: dict[str, Any]) -> Lines:
    how = estimator_in_words(row["estimator"], row["source_table"])
    if row["estimate"] is None:
        figures = f"cannot be estimated ({row['null_reason']})"
    else:
        of_holm = interval(None, verdict["ci_low_holm"], verdict["ci_high_holm"])
        estimate = interval(row["estimate"], row["ci_low"], row["ci_high"])
        figures = f"{estimate}, p {p_value(row['p_value'])}" + (
            f"; corrected for the number of claims {of_holm}" if of_holm else ""
        )
    n = "" if row["n"] is None else f" (n = {row['n']:,})"
    return [
        ("estimate", figures),
        ("of", _sentence(row["estimand"])),
        ("how", f"{_sentence(how)} Data: {row['specification']}{n}."),
    ]


def _variants(verdict: dict[str, Any]) -> str:
    n, agree, against = (verdict[f"n_grid{s}"] for s in ("", "_as_expected", "_contradicting"))
    joint = f"; taken jointly p {p}" if (p := p_value(verdict["p_joint"])) else ""
    contradict = "" if against is None else f" and {against} contradict"
    return f"of {n} distinct ones {agree} agree{contradict}{joint}."


def counter_in_words(name: str, tests: pl.DataFrame) -> str:
    """A test named `estimator: specification`, with its figures, in words."""
    whole = pl.concat_str("estimator", "specification", separator=": ")
    found = tests.filter(whole == name)
    if found.is_empty():
        return name
    row = found.row(0, named=True)
    words = estimator_in_words(row["estimator"], row["source_table"])
    figures = interval(row["estimate"], row["ci_low"], row["ci_high"])
    return f"{_sentence(words)} Data: {row['specification']}: {figures}"


def _conditions(left: str, sentences: Iterable[str], verdict: dict[str, Any]) -> Lines:
    return [(left, f"{says} ({state_of(verdict, says)})") for says in sentences]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _shortened(text: str) -> str:
    """The first sentences of a long text."""
    kept = ""
    for sentence in _SENTENCE.split(text):
        if kept and len(kept) + len(sentence) > _LONGEST_LIMITS:
            return f"{kept} …"
        kept = f"{kept} {sentence}".strip()
    return kept
