"""Raw gate of the UN Library's voting data: votes and resolutions."""

from expectations.raw_cells import cells_match, raw_suite
from expectations.suite import columns_exactly, not_empty, one_of, row_count_between, rows_satisfy

_SPLIT = "the Library's documented columns; a new or missing one changes what the others mean"
_TOTALS = ("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms")
_TOTAL_WHY = "totals are counts of members; some releases write them as 121.0"

VOTES = raw_suite(
    "raw.undl_votes__votes",
    ("undl_id", "ms_code"),
    columns_exactly(["undl_id", "ms_code", "ms_name", "ms_vote", "vote_note"], _SPLIT),
    row_count_between(100, 10_000_000, "the file has a row for every member and resolution"),
    *not_empty("undl_id", "ms_code", "ms_name", "ms_vote"),
    one_of(
        "ms_vote",
        ("Y", "N", "A", "X"),
        "yes, no, abstain, not voting: any other letter has no meaning",
    ),
    rows_satisfy(
        "keys_are_a_number_and_a_code",
        "undl_id ~ '^[0-9]+$' AND ms_code ~ '^[A-Z]{2,3}$'",
        "record and member are identified by them; Namibia's NA is a code, not a gap",
    ),
)

RESOLUTIONS = raw_suite(
    "raw.undl_votes__resolutions",
    ("undl_id",),
    columns_exactly(
        [
            *("undl_id", "session", "date", "resolution", "draft", "committee_report"),
            *("meeting", "title", "agenda_title", "subjects", "undl_link"),
            *_TOTALS,
        ],
        _SPLIT,
    ),
    row_count_between(1, 100_000, "at least one recorded vote"),
    *not_empty("undl_id", "session", "date"),
    cells_match("date", r"^(?:19|20)\d\d-\d\d-\d\d$", "the day of the vote is read from it"),
    *(cells_match(column, r"^\d{1,3}(?:\.0+)?$", _TOTAL_WHY) for column in _TOTALS),
)

SUITES = (VOTES, RESOLUTIONS)
