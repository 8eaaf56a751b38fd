"""Which choices can be made for which claim, and what the claims say where none is made."""

from collections.abc import Mapping

from transforms.arguing.arguable import Arguable
from transforms.arguing.choices_of_alliances import OF_ALLIANCES
from transforms.arguing.choices_of_votes import OF_VOTES
from transforms.arguing.errors import ArgumentError, known_word, listed, nearest

_BOTH = {**OF_ALLIANCES, **OF_VOTES}
ARGUABLE: Mapping[str, Arguable] = dict(
    sorted(_BOTH.items(), key=lambda item: (item[0] == "C10", item[0]))
)
"""Claims that can be argued with."""

NOT_TESTABLE: Mapping[str, str] = {
    "C7": "for the United States there is nothing to compare. Its partners with a written duty of"
    " diplomatic support are exactly the parties to the Rio treaty, so that the duty cannot be told"
    " from the treaty and its region, and how an audience takes what is unwritten is in no source:"
    " no choice changes that. What is written can be argued with C3 (item=dipaid), whether allies"
    " side with it without such a duty with C2a, C2f or C2g; `asymmetry claims C7 --leader russia`"
    " says what can be said of another leader"
}
"""Claims with which nobody can argue, and why."""

MOST_VOTES = 100
MOST_TIMES = 1000


def arguable(claim: str, claims: tuple[str, ...]) -> tuple[str, Arguable]:
    """A claim by its name, in any case, and what can be varied in it.

    Args:
        claim: What was asked for.
        claims: All claims of the edition.

    Raises:
        ArgumentError: There is no such claim, or its choices cannot be varied.
    """
    by_name = {name.lower(): name for name in claims}
    name = by_name.get(claim.lower())
    if name is None:
        hint = nearest(claim, claims)
        raise ArgumentError(f"There is no claim {claim}{hint}. {listed('claims', claims)}.")
    if name in NOT_TESTABLE:
        why = NOT_TESTABLE[name]
        raise ArgumentError(f"{name} cannot be argued with: {why}. {listed('--set', ARGUABLE)}.")
    if name not in ARGUABLE:
        raise ArgumentError(
            f"{name} cannot be argued with by --set: of it there are the variants that"
            f" `asymmetry claims {name}` lists. {listed('--set', ARGUABLE)}."
        )
    return name, ARGUABLE[name]


def resolved(claim: str, about: Arguable, settings: Mapping[str, str]) -> dict[str, str]:
    """Every choice of the claim, with the primary's where none was made.

    Args:
        claim: Its name.
        about: What can be varied.
        settings: What was asked for; values of free choices pass as they are.

    Raises:
        ArgumentError: A choice or a word is not known, two contradict each other, or a design is
            none of the regressor's.
    """
    for key in settings:
        if key not in about.keys:
            hint = nearest(key, about.keys)
            raise ArgumentError(f"{claim} has no choice {key}{hint}. {listed(claim, about.keys)}.")
    for one, other in (("tier", "allies"), ("years", "sessions")):
        if settings.get(one) and settings.get(other):
            raise ArgumentError(f"{one} and {other} exclude each other: leave one of them out.")
    words = {key: known[0] for key, known in about.words.items()}
    for key, known in about.words.items():
        if key in settings:
            words[key] = known_word(key, settings[key], known)
    if settings.get("allies") and "tier" in words:
        words["tier"] = "own list"
    for name, designs in about.designs.items():
        if name in (words.get("regressor"), words.get("sample")):
            if "design" in settings:
                known_word("design", settings["design"], designs)
            else:
                words["design"] = designs[0]
    free = {key: settings.get(key, default) for key, default in about.free.items()}
    return words | free


def share(key: str, text: str) -> float:
    """A threshold strictly between 0 and 1.

    Raises:
        ArgumentError: It is none; the message says what 0 and 1 would mean.
    """
    try:
        value = float(text)
    except ValueError:
        raise ArgumentError(f"{key}={text}: no number. Known for {key}: 0 < x < 1.") from None
    if not 0 < value < 1:
        raise ArgumentError(
            f"{key}={text}: a share strictly between 0 and 1. At 0 no vote is unpopular, since no"
            " share is below it; from 1 on every vote is, and none is left to compare with."
        )
    return value


def count(key: str, text: str) -> int:
    """A whole number from 1.

    Raises:
        ArgumentError: It is none, or too large.
    """
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MOST_VOTES:
        raise ArgumentError(f"{key}={text}: a whole number from 1 to {MOST_VOTES}.")
    return int(text)


def times(key: str, text: str) -> float:
    """A ratio of capabilities from 1.

    Raises:
        ArgumentError: It is none, or too large.
    """
    try:
        value = float(text)
    except ValueError:
        raise ArgumentError(f"{key}={text}: no number. Known for {key}: from 1.") from None
    if not 1 <= value <= MOST_TIMES:
        raise ArgumentError(
            f"{key}={text}: a number from 1 to {MOST_TIMES}. At 1 every alliance is asymmetric."
        )
    return value
