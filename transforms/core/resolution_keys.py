"""Resolution symbols in one notation.

`R/60/260`, `A/RES/60/260` and `a/res/60/260` are 60/260; `A/RES/377(V)[A]` is 5/377A;
`A/RES/ES-10/19` is ES-10/19 and `A/RES/998(ES-I)` is ES-1/998.
"""

import polars as pl

_ROMAN_DIGITS = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


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
    )
    old_style = plain.str.extract_groups(r"^(\d+)\((ES-|S-)?([IVXL]+)\)(.*)$")
    number, kind, numeral, part = (old_style.struct.field(str(i)) for i in range(1, 5))
    session = numeral.replace_strict(_SESSION_OF_ROMAN, default=None, return_dtype=pl.String)
    rewritten = pl.concat_str(kind.fill_null(""), session, pl.lit("/"), number, part)
    return pl.when(plain.str.contains(r"\d")).then(pl.coalesce(rewritten, plain))
