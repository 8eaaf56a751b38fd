"""Choices at a roll call, and their codes in the two vote sources."""

NOT_MEMBER = "not_member"
CHOICE_OF_CODE = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: NOT_MEMBER}
"""Codes of the vote file by Voeten, Strezhnev and Bailey."""
CHOICE_OF_LETTER = {"Y": "yes", "A": "abstain", "N": "no", "X": "absent"}
"""Letters of the UN Library, which lists members only."""
CAST = ("yes", "abstain", "no")
"""Choices that count as a vote; absent and not_member do not."""
