"""From choices as text to a question, with states by name, windows, and own lists of allies."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from transforms.arguing.choices import GAP, Arguable, count, resolved, share
from transforms.arguing.errors import ArgumentError, known_word
from transforms.arguing.own_allies import Spell, read_spells
from transforms.arguing.question import PAPERS_LEADER, Question
from transforms.arguing.states_by_name import StateNames
from transforms.arguing.window import window_of
from transforms.metrics.legitimation.gap_subsets import subsets_of
from transforms.metrics.legitimation.legitimation_gap import SESSION_LEFT_OUT
from warehouse.db import Connection


def asked_question(
    connection: Connection, claim: str, about: Arguable, choices: Mapping[str, str]
) -> tuple[Question, dict[str, str]]:
    """What is asked, from choices as text.

    Args:
        connection: The published warehouse.
        claim: The claim.
        about: What can be chosen for it.
        choices: Choice to value.

    Returns:
        The question, and each choice in its usual form.

    Raises:
        ArgumentError: A choice or a value is not known, or makes no sense.
    """
    settings = {key: str(value).strip() for key, value in choices.items()}
    asked = resolved(claim, about, settings)
    states = read_table(connection, "core.states")
    names = StateNames(states)
    leader = PAPERS_LEADER
    if "leader" in asked:
        leader = names.code(asked["leader"], "leader")
        asked["leader"] = names.name(leader)
    if leader != PAPERS_LEADER and "votes" in asked and about.family == GAP:
        known_word("votes", asked["votes"], subsets_of(leader))  # others name no important votes
    spells = _spells(asked, leader, states)
    known = connection.sql("SELECT min(session), max(session) FROM core.roll_calls").fetchall()[0]
    window = window_of(asked["years"], asked["sessions"], known)
    asked |= {"years": "all", "sessions": "all"}
    if window != tuple(known):
        asked["sessions"] = f"{window[0]}-{window[1]}"
    without = names.several("without", asked["without"])
    asked["without"] = ", ".join(names.name(code) for code in without) or "none"
    threshold, least = 0.5, None
    if "threshold" in asked:
        threshold = share("threshold", asked["threshold"])
        asked["threshold"] = f"{threshold:g}"
    if "least" in asked and asked["least"] != about.free["least"]:
        least = count("least", asked["least"])
        asked["least"] = str(least)
    words = {key: asked[key] for key in about.words}
    question = Question(claim, words, leader, spells, window, known, without, threshold, least)
    if leader in without:
        raise ArgumentError(f"without={asked['without']}: the leader itself is never compared.")
    _need_votes(connection, question, asked)
    return question, asked


def _spells(asked: dict[str, str], leader: int, states: pl.DataFrame) -> tuple[Spell, ...] | None:
    """The own list; `asked` keeps what is in it, not where it lay."""
    if not asked.get("allies"):
        return None
    path = Path(asked["allies"]).expanduser()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArgumentError(
            f"allies={path}: it cannot be read as text in UTF-8 ({error})."
        ) from None
    spells = read_spells(text, leader, states)
    n_states = len({spell.ccode for spell in spells})
    asked["allies"] = f"own list of {n_states} states in {len(spells)} spells"
    return spells


def _need_votes(connection: Connection, question: Question, asked: Mapping[str, str]) -> None:
    """Refuses a leader that cast no vote in the window: nothing could be compared with it."""
    decided = connection.execute(
        "SELECT count(*) FROM core.votes v JOIN core.roll_calls r USING (rcid) WHERE v.ccode = ?"
        " AND r.session BETWEEN ? AND ? AND r.session <> ? AND r.in_final_only"
        " AND CAST(choice AS VARCHAR) IN ('yes', 'no')",
        [question.leader, *question.window, SESSION_LEFT_OUT],
    ).fetchall()[0][0]
    if not decided:
        raise ArgumentError(
            f"leader={asked.get('leader', 'United States of America')}: it cast no vote in sessions"
            f" {question.window[0]}-{question.window[1]}, so nobody can side with it. (Session"
            f" {SESSION_LEFT_OUT}, of one roll call, is left out.)"
        )


def read_table(connection: Connection, name: str) -> pl.DataFrame:
    """All rows of a published table."""
    return pl.DataFrame(connection.sql(f"FROM {name}").pl())
