"""What Python says of a record is told in words that mean something without Python."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.home.error_words import in_words


def _raised(act: Callable[[], Any]) -> BaseException:
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - of any kind
        act()
    return raised.value


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: json.loads("{}")["file"], "it lacks the field file"),
        (lambda: json.loads("{\n,"), "it is no JSON from line 2, column 1 on"),
        (b"ab\xff".decode, "it is no UTF-8 text from byte 2 on"),
        (lambda: Path("nowhere").read_text(), "No such file or directory: nowhere"),
        (lambda: json.loads("null")["file"], "its parts are others than they should be"),
        (lambda: int("a\n b"), "invalid literal for int() with base 10: 'a\\n b'"),
    ],
)
def test_it_is_in_words(
    act: Callable[[], Any], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert in_words(_raised(act)) == words
