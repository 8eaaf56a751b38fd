from datetime import date

import polars as pl
import pytest

from flows.reports.profile_words import membership_in_words

BEGAN, LOST = date(1945, 10, 24), date(1971, 10, 25)


@pytest.mark.parametrize(
    ("spells", "words"),
    [
        ([], ""),
        ([("member", BEGAN, None)], "UN member since 1945"),
        ([("member", BEGAN, date(1990, 5, 21))], "UN: member 1945 to 1990"),
        (
            [("member", BEGAN, date(1958, 2, 21)), ("member", date(1961, 10, 13), None)],
            "UN: member 1945 to 1958, member since 1961",
        ),
        (
            [("credentials_contested", date(1950, 1, 1), LOST)],
            "UN: credentials contested 1950 to 1971",
        ),
        (
            [("member", BEGAN, date(1992, 9, 21)), ("seat_disputed", date(1992, 9, 22), None)],
            "UN: member 1945 to 1992, seat disputed since 1992",
        ),
    ],
)
def test_a_membership_that_ended_or_was_disputed_is_told_so(
    spells: list[tuple[str, date, date | None]], words: str
) -> None:
    schema = {"membership_status": pl.String, "valid_from": pl.Date, "valid_to": pl.Date}
    assert membership_in_words(pl.DataFrame(spells, schema=schema, orient="row")) == words
