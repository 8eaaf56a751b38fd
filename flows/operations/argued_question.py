"""From choices as text to a question, with states by name, windows, and own lists of allies."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from flows.home.error_words import in_words
from flows.home.user_file import read_user_text
from transforms.arguing.arguable import BURDENS, EVERY_LEADER, GAP, Arguable
from transforms.arguing.choices import count, resolved, share, times
from transforms.arguing.errors import ArgumentError, known_word
from transforms.arguing.families import FAMILIES, SESSIONS
from transforms.arguing.own_allies import Spell, read_spells
from transforms.arguing.question import PAPERS_LEADER, Question
from transforms.arguing.states_by_name import StateNames
from transforms.arguing.window import ALL, range_of, window_of, years_of
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
    leader, one_leader = PAPERS_LEADER, asked.get("leader") != EVERY_LEADER
    if "leader" in asked and one_leader:
        leader = names.code(asked["leader"], "leader")
        asked["leader"] = names.name(leader)
    if leader != PAPERS_LEADER and "votes" in asked and about.family == GAP:
        known_word("votes", asked["votes"], subsets_of(leader))  # others name no important votes
    window, known = _window(connection, about, asked)
    threshold, least = 0.5, None
    if "threshold" in asked:
        threshold = share("threshold", asked["threshold"])
        asked["threshold"] = f"{threshold:g}"
    if "least" in asked and asked["least"] != about.free["least"]:
        least = count("least", asked["least"])
        asked["least"] = str(least)
    ratio = times("ratio", asked["ratio"]) if "ratio" in asked else 0.0
    if ratio:
        asked["ratio"] = f"{ratio:g}"
    question = Question(
        claim=claim,
        words={key: asked[key] for key in about.words},
        leader=leader,
        spells=_spells(asked, leader, states),
        window=window,
        known=known,
        without=_without(asked, names),
        threshold=threshold,
        least=least,
        in_years=FAMILIES[about.family].in_years,
        ratio=ratio,
        one_leader=one_leader,
    )
    if "without" in asked and about.family != BURDENS and leader in question.without:
        raise ArgumentError(f"without={asked['without']}: the leader itself is never compared.")
    if FAMILIES[about.family].span == SESSIONS:
        _need_votes(connection, question, asked)
    return question, asked


def _window(
    connection: Connection, about: Arguable, asked: dict[str, str]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The window and what the build has; `asked` has it in its usual form.

    The primary's own window is never refused, whatever the build has of it.
    """
    family = FAMILIES[about.family]
    ((first, last),) = connection.sql(family.span).fetchall()
    known = (int(first), int(last))
    if not family.in_years:
        window = window_of(asked["years"], asked["sessions"], known)
        asked |= {"years": "all", "sessions": "all"}
        if window != known:
            asked["sessions"] = f"{window[0]}-{window[1]}"
        return window, known
    if "years" not in asked:
        return known, known
    if asked["years"] == about.free["years"]:
        window = known if asked["years"] == ALL else range_of("years", asked["years"], known)
        return window, known
    window = years_of(asked["years"], known)
    asked["years"] = f"{window[0]}-{window[1]}"
    return window, known


def _without(asked: dict[str, str], names: StateNames) -> tuple[int, ...]:
    for key in ("without", "without_leaders"):
        if key in asked:
            codes = names.several(key, asked[key])
            asked[key] = ", ".join(names.name(code) for code in codes) or "none"
            return codes
    return ()


def _spells(asked: dict[str, str], leader: int, states: pl.DataFrame) -> tuple[Spell, ...] | None:
    """The own list; `asked` keeps what is in it, not where it lay."""
    if not asked.get("allies"):
        return None
    path = Path(asked["allies"]).expanduser()
    try:
        text = read_user_text(path)
    except (OSError, ValueError) as error:
        raise ArgumentError(f"allies={path}: it cannot be read ({in_words(error)}).") from None
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
