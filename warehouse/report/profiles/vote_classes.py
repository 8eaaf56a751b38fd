"""Classes of votes and periods by which profiles tell agreement, and least numbers of votes."""

MIN_VOTES = 5
"""Votes of a class below which a state's agreement is withheld."""

MIN_VOTES_TO_COMPARE = 10
"""Votes of a class from which a rank or a change is told: as `hegemon_supporters` has it."""

VOTE_CLASSES = {
    "all": "all final votes",
    "unpopular": "unpopular votes, which most other states cast differently from the leader",
    "popular": "popular votes, on which half of the other states or more voted like the leader",
    "important": "important votes, named so by the State Department (1983 to 2017, without 1995)",
    "isolated": "isolated votes, on which fewer than one in ten voted like the leader",
    "hegemon_specific_loo": "unpopular votes on which no other Western permanent member joined it",
}
"""Class of votes to what it is; others of `metrics.hegemon_support` are variants of these."""

PERIODS = (
    ("1946-59", 1946, 1959),
    ("1960-74", 1960, 1974),
    ("1975-90", 1975, 1990),
    ("1991-2000", 1991, 2000),
    ("2001-08", 2001, 2008),
    ("2009-15", 2009, 2015),
    ("since 2016", 2016, 9999),
    ("all years", 1946, 9999),
)
"""Periods by first and last year (session + 1945), those of docs/metrics.md, and all years."""
