"""Resolution symbols in one notation, and what their parts mean.

`R/60/260`, `A/RES/60/260` and `a/res/60/260` are 60/260; `A/RES/377(V)[A]` is 5/377A;
`A/RES/ES-10/19` is ES-10/19,
`A/RES/998(ES-I)` is ES-1/998; `ESS/5/80` and `SS/1/59` in the vote file
are ES-5/80 and S-1/59. Behind the number a symbol may have letters (a resolution of its own in a
series, `61/128A`; a range of them, `75/254A-C`) and a section of one resolution (`50/38B/IV`).
"""

import re
from dataclasses import dataclass

import polars as pl

LAST_SESSION_OF_PAGES = 20
"""Up to this session, and in special sessions, the vote file names the page of the plenary record
on which a vote is printed, and letters number the votes of one page; they are no resolutions."""

_ROMAN_DIGITS = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
_BASE = r"^((?:ES-|S-)?\d+/\d+)"
_SPECIAL_PAGE = r"^\s*E?SS/"


def roman(number: int) -> str:
    """Writes 1 to 49 in Roman numerals, as the General Assembly numbered its sessions to 1975."""
    text = ""
    for digits, value in _ROMAN_DIGITS:
        while number >= value:
            text += digits
            number -= value
    # XXXX is written XL
    return text.replace("XXXX", "XL")


_SESSION_OF_ROMAN = {roman(n): str(n) for n in range(1, 50)}


def resolution_key(resolution: pl.Expr) -> pl.Expr:
    """The resolution in one notation.

    Args:
        resolution: Resolution as published (String).

    Returns:
        `session/number` with the part's letters, upper case, without blanks and brackets; NULL
        where the input is NULL or has no digit. Text that is no resolution passes through: it
        then matches nothing.
    """
    plain = (
        resolution.str.to_uppercase()
        .str.replace_all(r"[\s\[\]]", "")
        .str.replace(r"^(A/)?(RES|R)/", "")
        .str.replace(r"^(E?S)S/", "${1}-")
    )
    old_style = plain.str.extract_groups(r"^(\d+)\((ES-|S-)?([IVXL]+)\)(.*)$")
    number, kind, numeral, part = (old_style.struct.field(str(i)) for i in range(1, 5))
    session = numeral.replace_strict(_SESSION_OF_ROMAN, default=None, return_dtype=pl.String)
    rewritten = pl.concat_str(kind.fill_null(""), session, pl.lit("/"), number, part)
    return pl.when(plain.str.contains(r"\d")).then(pl.coalesce(rewritten, plain))


def base_key(key: pl.Expr) -> pl.Expr:
    """The key without letters and sections: session and number; NULL where it has no number."""
    return key.str.extract(_BASE)


def special_session(key: pl.Expr) -> pl.Expr:
    """`ES-10` or `S-1` of the key of a special session's resolution, else NULL."""
    return key.str.extract(r"^(E?S-\d+)(?:/|$)")


def emergency_session(key: pl.Expr) -> pl.Expr:
    """Number of the emergency special session (Int16) that a key names, else NULL."""
    return key.str.extract(r"^ES-(\d+)/").cast(pl.Int16)


def names_a_page(session: pl.Expr, resolution: pl.Expr) -> pl.Expr:
    """Whether the vote file's symbol is a page of the record; see `LAST_SESSION_OF_PAGES`."""
    return (session <= LAST_SESSION_OF_PAGES) | resolution.str.contains(_SPECIAL_PAGE).fill_null(
        False
    )


@dataclass(frozen=True)
class Part:
    """What stands behind the number of a resolution.

    Attributes:
        letters: Letters that it covers, "" for none; `A-C` and `ABC` cover three.
        section: Roman section, "" for none.
    """

    letters: str = ""
    section: str = ""


def read_part(key: str) -> Part | None:
    """The part that a key names.

    Args:
        key: As `resolution_key` gives it.

    Returns:
        Letters and section; None where it is written otherwise.

    Examples:
        >>> read_part("75/254A-C")
        Part(letters='ABC', section='')
        >>> read_part("50/38B/IV")
        Part(letters='B', section='IV')
        >>> read_part("42/70/A")
        Part(letters='A', section='')
    """
    rest = re.sub(_BASE, "", key)
    section = re.fullmatch(r"([A-Z]*)/([IVX]+)", rest)
    if section:
        return Part(section[1], section[2])
    spanned = re.fullmatch(r"/?([A-Z])-([A-Z])", rest)
    if spanned:
        first, last = map(ord, spanned.groups())
        return Part("".join(map(chr, range(first, last + 1)))) if first < last else None
    letters = re.fullmatch(r"/?([A-Z]*)", rest)
    return Part(letters[1]) if letters else None
