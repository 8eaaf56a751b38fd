"""Choices at a roll call: the one definition of what they are and how they are read.

Seven states of a cell (a state on a roll call), each a value with a meaning:

=============  =========================================================================
yes, abstain,  the vote that was cast (`CAST`)
no
absent         a member that could vote and did not, according to the source
no_row         a member that could vote, and the source has no usable row for it: what it did
               is not known. Never an absence, and never a missing membership
seat_disputed  counted as a member, and nobody could vote for it
not_member     no member on that day, according to the dated list `core.un_members`
=============  =========================================================================

A pair without a row in `core.votes` is a state that was no member, outside the state system:
every member has a row on every roll call (a gate holds it).
"""

ABSENT = "absent"
NOT_MEMBER = "not_member"
NO_ROW = "no_row"
SEAT_DISPUTED = "seat_disputed"

CAST = ("yes", "abstain", "no")
"""Choices that count as a vote; none of the others does."""
SEATED = (*CAST, ABSENT, NO_ROW)
"""Choices of a member that could vote: the roll calls of its membership."""
COUNTED_AS_MEMBER = (*SEATED, SEAT_DISPUTED)
"""Choices of a state that the UN counts among its members."""
CHOICES = (*COUNTED_AS_MEMBER, NOT_MEMBER)
"""All of them."""
