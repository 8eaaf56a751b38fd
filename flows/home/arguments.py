"""Arguments that were made against claims, kept so that they can be compared.

One JSON file each, `arguments/<hash>.json`; the hash is of all that was asked (claim, every choice,
the list of allies) and of the build. Asking the same again replaces it.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.home.paths import Home

_DIGITS = 16
_DIGEST = "sha256"


@dataclass(frozen=True)
class Argument:
    """An estimate with other choices, beside the published one.

    Attributes:
        name: Hash of what was asked and of the build.
        claim: The claim.
        statement: What it says.
        estimand: What the published primary estimates.
        expected: The sign that the claim expects.
        bound: Equivalence bound of the primary.
        asked: Every choice, those of the primary included.
        changed: Choices that differ from the primary's, to (primary's, own).
        allies: Own list: ccode, first and last day; None without one.
        build_id: The build.
        is_simulated: Whether its world is.
        made_at: When, UTC, ISO 8601.
        seconds: What it took.
        answer: estimate, std_error, ci_low, ci_high, p_value, inference, cannot_say.
        counts: rows, states, allies, waves, switchers, roll_calls, sessions.
        published: The primary: edition, leader, estimator, specification, estimate, ci_low,
            ci_high, p_value, n, null_reason, verdict.
        place: n_variants, n_lower, n_lower_t, t; None where either cannot be computed.
        notes: What a reader has to know.
        asks: What it asks, where that is another question than the primary's.
    """

    name: str
    claim: str
    statement: str
    estimand: str
    expected: str
    bound: float | None
    asked: Mapping[str, Any]
    changed: Mapping[str, Sequence[str]]
    allies: Sequence[Sequence[Any]] | None
    build_id: str
    is_simulated: bool
    made_at: str
    seconds: float
    answer: Mapping[str, Any]
    counts: Mapping[str, Any]
    published: Mapping[str, Any]
    place: Mapping[str, Any] | None
    notes: Sequence[str]
    asks: str = ""


def argument_name(claim: str, asked: Mapping[str, Any], allies: Any, build_id: str) -> str:
    """The hash under which an argument is kept."""
    text = json.dumps([claim, dict(asked), allies, build_id], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def keep_argument(argument: Argument, home: Home) -> bool:
    """Writes an argument, complete or not at all.

    Returns:
        Whether it could be written: a home may be another's, to read only.
    """
    target = home.arguments / f"{argument.name}.json"
    partial = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        target.parent.mkdir(exist_ok=True)
        content = json.loads(json.dumps(asdict(argument), default=str))
        content[_DIGEST] = _digest(content)
        partial.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        partial.replace(target)
    except OSError:
        return False
    return True


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def kept_arguments(home: Home) -> tuple[list[Argument], list[str]]:
    """All kept arguments, by claim and time, and names of files that are none.

    A file whose name is not the hash of what it says was asked, or whose content is not what was
    written, is none: it was changed.
    """
    found, damaged = [], []
    for path in sorted(home.arguments.glob("[!.]*.json")):
        argument = _read(path.read_text("utf-8"))
        if argument is None or argument.name != path.stem:
            damaged.append(path.name)
        else:
            found.append(argument)
    return sorted(found, key=lambda a: (a.claim, a.made_at)), damaged


def _read(text: str) -> Argument | None:
    try:
        raw = json.loads(text)
        if raw[_DIGEST] != _digest({key: raw[key] for key in raw if key != _DIGEST}):
            return None
        argument = Argument(**{key: raw[key] for key in raw if key != _DIGEST})
        of_content = argument_name(
            argument.claim, argument.asked, argument.allies, argument.build_id
        )
    except (ValueError, KeyError, TypeError):
        return None
    return argument if of_content == argument.name else None
