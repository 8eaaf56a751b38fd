"""Identifiers that were replaced by the standard terms of their field do not come back."""

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("flows", "expectations", "transforms", "warehouse")

# Words of an identifier (`handed` in `_handed_over`), each with what is said instead.
REPLACED_WORDS = {
    "handed": "user_files, user_covariates, copy_local_file",
    "told": "shown, found; print_ and emit for what writes",
    "telling": "is_informative",
    "beside": "run_in_pool, not_states",
    "together": "concat, combine",
    "given": "provided, promised",
}
REPLACED_NAMES = {
    "lay_over": "apply_rules",
    "leave_with_parent": "exit_with_parent",
    "was_there": "reused",
    "keep_real_figures": "refuse_sample_over_real",
    "most_false_supports": "scipy.stats.binom",
    "_meant": "_match_build",
    "_speaks": "_direction",
    "TryAgainError": "RetryableError",
    "n_half": "n_abstained",
    "Foresight": "RefreshPreview",
    "Leftovers": "Expired",
    "Horizon": "RetentionPolicy",
    "Patience": "LockTimeout",
    "Pieces": "ChunkStore",
    "Workers": "RunnerOptions",
}


def names_of(path: Path) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def words_of(name: str) -> set[str]:
    """The words of an identifier: `_HandedOver`, `handed_over` → handed, over."""
    return {word.lower() for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", name) if word}


@pytest.mark.parametrize("room", ROOMS)
def test_no_replaced_name_comes_back(room: str) -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in names_of(path)
        if name in REPLACED_NAMES or words_of(name) & set(REPLACED_WORDS)
    }
    assert not found, "see REPLACED_WORDS and REPLACED_NAMES for what to say instead"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("_handed_over", {"handed", "over"}),
        ("HANDED_OVER", {"handed", "over"}),
        ("HandedOver", {"handed", "over"}),
        ("n_beside_usa", {"n", "beside", "usa"}),
        ("spoke_ties", {"spoke", "ties"}),
    ],
)
def test_an_identifier_is_read_word_by_word(name: str, words: set[str]) -> None:
    assert words_of(name) == words
