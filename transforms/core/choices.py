"""Codes of the two vote sources, and the choices that they stand for (`transforms.choices`)."""

from transforms.choices import (
    ABSENT,
    CAST,
    CHOICES,
    COUNTED_AS_MEMBER,
    NO_ROW,
    NOT_MEMBER,
    SEAT_DISPUTED,
    SEATED,
)

__all__ = [
    "ABSENT",
    "CAST",
    "CHOICES",
    "CHOICE_OF_CODE",
    "CHOICE_OF_LETTER",
    "COUNTED_AS_MEMBER",
    "NOT_MEMBER",
    "NO_ROW",
    "SEATED",
    "SEAT_DISPUTED",
]

CHOICE_OF_CODE = {1: "yes", 2: "abstain", 3: "no", 8: ABSENT, 9: NOT_MEMBER}
"""Codes of the vote file by Voeten, Strezhnev and Bailey; the dated list overrules 8 and 9."""
CHOICE_OF_LETTER = {"Y": "yes", "A": "abstain", "N": "no", "X": ABSENT}
"""Letters of the UN Library, which lists members only."""
