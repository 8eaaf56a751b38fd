"""The simulated vote file has the habits of the real one, and every case of succession."""

import json
from datetime import date
from itertools import groupby
from pathlib import Path

import polars as pl
import pytest

SESSION = pl.col("session").cast(pl.Int64)


def codes_by_session(votes: pl.DataFrame, ccode: int) -> dict[int, dict[str, int]]:
    own = votes.filter(pl.col("ccode") == str(ccode)).with_columns(SESSION)
    counts = own.group_by("session", "vote").len()
    table: dict[int, dict[str, int]] = {}
    for session, vote, n in counts.iter_rows():
        table.setdefault(session, {})[vote] = n
    return dict(sorted(table.items()))


def sessions_with_votes(votes: pl.DataFrame, ccode: int) -> str:
    """Sessions with a yes, abstention or no, as ranges: `28-45`."""
    voted = [s for s, c in codes_by_session(votes, ccode).items() if {"1", "2", "3"} & c.keys()]
    runs = [[s for _, s in g] for _, g in groupby(enumerate(voted), lambda p: p[1] - p[0])]
    return " ".join(f"{r[0]}-{r[-1]}" for r in runs)


def test_size(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> None:
    assert 60 <= votes["ccode"].n_unique() <= 80
    assert 1_000 <= roll_calls.height <= 1_500
    assert 80_000 <= votes.height <= 110_000
    assert votes.select("rcid", "ccode").is_unique().all()
    assert set(votes["vote"]) == {"1", "2", "3", "8", "9"}


def test_sessions_1_to_75_with_one_roll_call_in_session_19(
    roll_calls: pl.DataFrame,
) -> None:
    counts = dict(roll_calls.group_by(SESSION).len().iter_rows())
    assert sorted(counts) == list(range(1, 76))
    assert counts.pop(19) == 1
    assert all(10 <= n <= 26 for n in counts.values())


def test_before_session_58_the_day_is_the_weekday(
    roll_calls: pl.DataFrame, truth: pl.DataFrame
) -> None:
    known = roll_calls.join(truth.select("rcid", "day", "mark"), on="rcid", validate="1:1")
    for row in known.iter_rows(named=True):
        shown, day = date.fromisoformat(row["date"]), date.fromisoformat(row["day"])
        assert (shown.year, shown.month) == (day.year, day.month)
        real = int(row["session"]) >= 58 or (int(row["session"]) >= 52 and row["mark"] != "final")
        assert shown.day == (day.day if real else day.isoweekday() % 7 + 1)


def test_year_is_not_always_that_of_the_date(roll_calls: pl.DataFrame) -> None:
    differ = roll_calls.filter(pl.col("year") != pl.col("date").str.slice(0, 4))
    assert set(differ["session"]) == {"46", "47"}


def test_resolutions_come_in_two_formats_with_blanks_and_repeats(roll_calls: pl.DataFrame) -> None:
    kinds = roll_calls.select(
        SESSION,
        pl.col("unres").str.extract(r"^(A/RES/\d+|R/\d+|E?SS/\d+|$)").alias("kind"),
        pl.col("unres").is_duplicated().alias("repeats"),
    )
    assert kinds["kind"].null_count() == 0
    assert set(kinds.filter(pl.col("session").is_between(19, 20))["kind"]) == {""}
    assert set(kinds.filter(pl.col("kind").str.starts_with("A/"))["session"]) == {71, 72, 74, 75}
    assert set(kinds.filter(pl.col("kind").str.contains("SS"))["session"]) == {2, 11, 22}
    assert kinds.filter("repeats", pl.col("kind") != "").height > 50


@pytest.mark.parametrize(
    ("sessions", "column", "values"),
    [
        ((1, 29), "amend", {"0", "1"}),
        ((1, 29), "para", {"0", "1"}),
        ((30, 39), "para", {"0"}),
        ((40, 51), "amend", {"NA"}),
        ((40, 51), "para", {"NA"}),
        ((52, 72), "para", {"NA", "1"}),
        ((73, 74), "para", {"NA"}),
        ((75, 75), "amend", {"0"}),
        ((75, 75), "para", {"0"}),
        ((1, 37), "importantvote", {"0"}),
        ((38, 51), "importantvote", {"0", "1"}),
        ((52, 72), "importantvote", {"0", "1", "NA"}),
        ((73, 75), "importantvote", {"NA"}),
        ((74, 75), "ident", {"NA"}),
    ],
)
def test_marks(
    roll_calls: pl.DataFrame, sessions: tuple[int, int], column: str, values: set[str]
) -> None:
    assert set(roll_calls.filter(SESSION.is_between(*sessions))[column]) == values


def test_importance_is_na_on_marked_votes_only_and_frequent_in_session_50(
    roll_calls: pl.DataFrame,
) -> None:
    marked = (pl.col("para") == "1") | (pl.col("amend") == "1")
    late = roll_calls.filter(SESSION.is_between(52, 72))
    assert set(late.filter(marked)["importantvote"]) == {"NA"}
    assert "NA" not in set(late.filter(~marked)["importantvote"])
    flagged = roll_calls.filter(pl.col("importantvote") == "1").group_by("session").len()
    assert flagged.sort("len")["session"].last() == "50"


def test_totals_are_those_counted_but_for_the_known_ones(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, world: Path
) -> None:
    oddities = json.loads((world / "ground_truth" / "parameters.json").read_text())["oddities"]
    counted = votes.group_by("rcid").agg(
        (pl.col("vote") == code).sum().cast(pl.String).alias(f"{name}_counted")
        for name, code in {"yes": "1", "abstain": "2", "no": "3"}.items()
    )
    joined = roll_calls.join(counted, on="rcid", validate="1:1")
    wrong = joined.filter(
        pl.any_horizontal(
            pl.col(c).replace("NA", "0") != pl.col(f"{c}_counted") for c in ("yes", "abstain", "no")
        )
    )
    # a vote that has no row, or is coded as that of no member, is in the total all the same
    uncounted = [*oddities["without_row"], *oddities["coded_not_member"]]
    expected = {*oddities["wrong_totals"], *map(int, uncounted)}
    assert set(wrong["rcid"].cast(pl.Int64)) == expected
    assert (joined["no"] == "NA").sum() > 0


def test_membership_is_miscoded_now_and_then(votes: pl.DataFrame, world: Path) -> None:
    oddities = json.loads((world / "ground_truth" / "parameters.json").read_text())["oddities"]
    coded = {
        (int(rcid), int(ccode)): vote
        for rcid, ccode, vote in votes.select("rcid", "ccode", "vote").iter_rows()
    }
    for name, vote in {"without_row": None, "coded_not_member": "9", "early_absence": "8"}.items():
        cells = [(int(rcid), ccode) for rcid, ccode in oddities[name].items()]
        assert cells
        assert {coded.get(cell) for cell in cells} == {vote}


def test_member_is_inexact(votes: pl.DataFrame) -> None:
    assert set(votes["member"]) == {"1", "NA"}
    assert votes.filter(member="1", vote="9").height > 0
    assert votes.filter(pl.col("vote") != "9", member="NA").height > 0


def test_some_roll_calls_are_unanimous(votes: pl.DataFrame) -> None:
    cast = votes.filter(pl.col("vote").is_in(["1", "2", "3"]))
    unanimous = cast.group_by("rcid").agg(pl.col("vote").n_unique()).filter(pl.col("vote") == 1)
    assert 20 <= unanimous.height <= 120


@pytest.mark.parametrize(
    ("ccode", "expected"),
    [
        (255, "46-75"),
        (260, "28-45"),
        (265, "28-44"),
        (678, "2-45"),
        (679, "46-75"),
        (680, "22-44"),
        (816, "32-75"),
        (365, "1-75"),
        (369, "1-75"),
        (370, "1-75"),
        (345, "1-47 55-75"),
        (315, "1-47"),
        (316, "47-75"),
        (317, "47-75"),
        (710, "26-75"),
        (713, "1-26"),
        (651, "1-75"),
        (652, "1-12 16-75"),
        (510, "16-75"),
        (511, "18-18"),
        (560, "1-29 48-75"),
        (565, "45-75"),
        (750, "1-75"),
        (850, "5-18 21-75"),
        (223, "45-75"),
        (225, "57-75"),
        (235, "11-75"),
        (731, "46-75"),
        (732, "46-75"),
        (740, "11-75"),
        (666, "3-75"),
        (645, "1-49 59-75"),
        (840, "1-75"),
        (983, "46-75"),
        (987, "46-48 50-75"),
        (341, "61-75"),
    ],
)
def test_every_case_of_succession_votes_when_it_did(
    votes: pl.DataFrame, ccode: int, expected: str
) -> None:
    assert sessions_with_votes(votes, ccode) == expected


def test_palau_pauses(votes: pl.DataFrame) -> None:
    assert sessions_with_votes(votes, 986) == "50-51 55-75"


@pytest.mark.parametrize("ccode", [347, 817])
def test_states_without_a_seat_are_not_in_the_file(votes: pl.DataFrame, ccode: int) -> None:
    assert str(ccode) not in set(votes["ccode"])


@pytest.mark.parametrize(
    ("ccode", "last_session"), [(260, 45), (678, 45), (265, 60), (315, 60), (713, 60), (511, 60)]
)
def test_rows_of_states_that_ended_go_on_as_non_members(
    votes: pl.DataFrame, ccode: int, last_session: int
) -> None:
    assert max(codes_by_session(votes, ccode)) == last_session


def test_whole_sessions_of_absence(votes: pl.DataFrame) -> None:
    for ccode, sessions in {
        560: range(30, 48),
        652: range(13, 16),
        850: (19, 20),
        645: (50, 58),
    }.items():
        codes = codes_by_session(votes, ccode)
        assert all(set(codes[s]) == {"8"} for s in sessions)
    assert "8" in codes_by_session(votes, 235)[10]


def test_south_africa_has_one_vote_in_session_48(votes: pl.DataFrame) -> None:
    codes = codes_by_session(votes, 560)[48]
    assert set(codes) == {"1", "8"}
    assert codes["1"] == 1


def test_zanzibar_has_two_roll_calls(votes: pl.DataFrame) -> None:
    codes = codes_by_session(votes, 511)[18]
    assert sum(n for code, n in codes.items() if code != "9") == 2


def test_both_chinas_sit_in_session_26(votes: pl.DataFrame) -> None:
    of_26 = votes.filter(pl.col("ccode").is_in(["710", "713"]), session="26")
    seated = of_26.filter(pl.col("vote") != "9").group_by("rcid").agg(pl.col("ccode"))
    assert set(seated["ccode"].list.len()) == {1}
    assert {c for cs in seated["ccode"].to_list() for c in cs} == {"710", "713"}


def test_soviet_seats_vote_as_the_ussr_but_for_one_vote(votes: pl.DataFrame) -> None:
    wide = (
        votes.filter(pl.col("ccode").is_in(["365", "369", "370"]), SESSION < 46)
        .pivot("ccode", index=["rcid", "session"], values="vote")
        .filter((pl.col("365") != pl.col("369")) | (pl.col("365") != pl.col("370")))
    )
    ((session, ussr, ukraine, byelorussia),) = wide.select("session", "365", "369", "370").rows()
    assert (session, ukraine, byelorussia) == ("2", ussr, "2")


def test_votes_before_entry_into_the_cow_system(votes: pl.DataFrame) -> None:
    early = votes.filter(pl.col("vote").is_in(["1", "2", "3"]))
    india = early.filter(pl.col("ccode") == "750", pl.col("date") < "1947-08")
    philippines = early.filter(pl.col("ccode") == "840", pl.col("date") < "1946-07")
    assert {"1", "2"} == set(india["session"])
    assert philippines.height > 0
