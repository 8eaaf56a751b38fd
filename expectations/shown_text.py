"""Text of sources and servers as it may be shown: no character of it acts on whoever reads it.

A terminal obeys escape sequences, one-byte ones (C1) too; a direction override has a line read
another way round than it is written; a lone surrogate, from a file name that is no UTF-8, cannot be
printed at all. Each is shown as its escape.
"""

import re
import unicodedata

_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories: control, format (directions, zero width), surrogate, line, paragraph."""
_KEPT = "\n\t"
_MARKDOWN = re.compile(r"[\\`*\[\]<>|]")


def shown(value: object) -> str:
    """A value in one line of text, in which every character that is no glyph is an escape."""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def inert(text: str) -> str:
    """A text of several lines, which stay: all else in it that acts on a terminal is an escape."""
    if text.isprintable():
        return text
    return "".join(_escape(c) if _acts(c) else c for c in text)


def in_markdown(value: object) -> str:
    """A value in one line of Markdown: no link, image, tag or table of its own."""
    return _MARKDOWN.sub(r"\\\g<0>", shown(value))


def fenced(text: str) -> list[str]:
    """A text as a block of Markdown that nothing in it can end; its lines."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", inert(text), fence]


def _acts(character: str) -> bool:
    return character not in _KEPT and unicodedata.category(character) in _ACTING


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()
