"""What the UN Library's voting data must look like before they are parsed."""

from expectations.suite import (
    Suite,
    columns_exactly,
    expect,
    key_is_unique,
    not_empty,
    one_of,
    row_count_between,
    rows_satisfy,
)

_SPLIT = "the Library's documented columns; a new or missing one changes what the others mean"

VOTES = Suite(
    table="raw.undl_votes__votes",
    key=("undl_id", "ms_code"),
    expectations=(
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
        key_is_unique(("undl_id", "ms_code")),
    ),
)

RESOLUTIONS = Suite(
    table="raw.undl_votes__resolutions",
    key=("undl_id",),
    expectations=(
        columns_exactly(
            [
                *("undl_id", "session", "date", "resolution", "draft", "committee_report"),
                *("meeting", "title", "agenda_title", "subjects"),
                "undl_link",
                *("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms"),
            ],
            _SPLIT,
        ),
        row_count_between(1, 100_000, "at least one recorded vote"),
        *not_empty("undl_id", "session", "date"),
        expect(
            "ColumnValuesToMatchRegex",
            "the day of the vote is read from it",
            column="date",
            regex=r"^(?:19|20)\d\d-\d\d-\d\d$",
        ),
        *(
            expect(
                "ColumnValuesToMatchRegex",
                "totals are counts of members; some releases write them as 121.0",
                column=column,
                regex=r"^\d{1,3}(?:\.0+)?$",
            )
            for column in (
                *("total_yes", "total_no", "total_abstentions"),
                *("total_non_voting", "total_ms"),
            )
        ),
        key_is_unique(("undl_id",)),
    ),
)

SUITES = (VOTES, RESOLUTIONS)
