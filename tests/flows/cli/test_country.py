"""What `asymmetry country` prints from the bundle, in a home where nothing was built."""

import io
import json

import polars as pl
import pytest

from tests.processes import asymmetry, asymmetry_process
from warehouse.report.shipped_bundle import bundled_frame, shipped_bundle


def test_one_screen_has_what_is_known_of_poland(tmp_path) -> None:
    bundle = shipped_bundle()
    assert bundle
    done = asymmetry(tmp_path, "country", "Polska")
    assert done.returncode == 0
    screen = done.stdout
    assert 18 <= len(screen.splitlines()) <= 30
    assert max(map(len, screen.splitlines())) <= 100
    assert screen.startswith("Poland (290, POL) · Europe · UN member since 1945\n")
    for part in (
        "unpopular votes",
        "since 1999-03-12 (core: NATO)",
        "the Soviet Union and Russia 1946–1991 (core: ",
        ".01 in 1989, .39 in 1990",
        "nine years before it became a core ally",
        "Iraq 2003: combat in the invasion",
        "against ISIS 2014: member",
        "10th of 34 core allies of the United States in 2020",
    ):
        assert part in " ".join(screen.split()), part
    assert f"Bundle of real build {bundle.build_id[:12]}" in screen.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_each_cell_of_the_table_is_a_figure_of_the_bundle(tmp_path) -> None:
    lines = asymmetry(tmp_path, "country", "290").stdout.splitlines()
    (line,) = [line for line in lines if line.startswith("1991-2000")]
    rows = bundled_frame("agreement_by_period").filter(
        ccode=290, period="1991-2000", vote_class="unpopular"
    )
    for leader, place in ((2, 0), (365, 1), (710, 2), (220, 3), (200, 4)):
        row = rows.filter(leader=leader).row(0, named=True)
        cell = line[10 + 14 * place :][:14].strip()
        shown = [f"{row[c]:.2f}"[1:] for c in ("agreement", "ci_low", "ci_high")]
        assert cell == f"{shown[0]} ({shown[1]}–{shown[2]})"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Taiwan", "—: no vote of both"),  # China's seat was its own
        ("255", "* one or two sessions: too short"),
        ("Kosovo", "it cast no vote of its own"),
        ("USA", "Iraq 2003: leader"),
        ("Tuvalu", "none of the leaders"),
        ("Brazil", "(treaty: Rio treaty)"),
        ("GDR", "German Democratic Republic (265, GDR; 1954–1990)"),
        ("Hanover", "it cast no vote of its own"),
    ],
)
def test_what_is_missing_is_explained(tmp_path, name, part) -> None:
    done = asymmetry(tmp_path, "country", name)
    assert done.returncode == 0
    assert part in " ".join(done.stdout.split())


@pytest.mark.parametrize("ccode", bundled_frame("states")["ccode"].to_list()[::9])
def test_every_ninth_state_has_a_screen(tmp_path, ccode) -> None:
    done = asymmetry(tmp_path, "country", str(ccode), "--votes", "all")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) <= 30


def test_other_votes_can_be_asked_about(tmp_path) -> None:
    for votes in ("popular", "important", "isolated", "all", "hegemon_specific_loo"):
        done = asymmetry(tmp_path, "country", "Poland", "--votes", votes)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_programs_get_every_row(tmp_path, form) -> None:
    target = tmp_path / f"poland.{form}"
    home = tmp_path / "home"
    assert asymmetry(home, "country", "Poland", "--output", str(target)).returncode == 0
    content = io.BytesIO(target.read_bytes())
    if form == "csv":
        rows = pl.read_csv(content)
    else:
        rows = pl.read_json(content) if form == "json" else pl.read_parquet(content)
    by_session = bundled_frame("agreement_by_session").filter(ccode=290, vote_class="unpopular")
    assert rows.filter(unit="session").height == by_session.height
    assert rows.filter(unit="period").height == 40
    assert set(rows["leader_name"]) == set(bundled_frame("leaders")["name"])
    assert rows["origin"].str.contains("Bundle of real build").all()
    change = rows.filter(unit="session", leader=2, year_from=1990)["agreement"].item()
    assert change == pytest.approx(0.386792, abs=1e-6)


def test_json_goes_to_standard_output(tmp_path) -> None:
    done = asymmetry(tmp_path, "country", "POL", "--format", "json")
    assert json.loads(done.stdout)[0]["state_name"] == "Poland"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Korea",), "South Korea (732, ROK; since 1949)"),
        (("Polnad",), "Did you mean Poland"),
        (("Poland", "--output", "poland.doc"), "has to end like what it is written as"),
        (("Poland", "--output", "x.csv", "--format", "json"), "--format says json"),
        (("Poland", "--votes", "some"), "some"),
    ],
)
def test_wrong_usage_is_refused_with_what_is_right(tmp_path, arguments, says) -> None:
    done = asymmetry(tmp_path, "country", *arguments)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_home_without_a_build_cannot_answer_when_it_has_to(tmp_path) -> None:
    done = asymmetry(tmp_path, "country", "Poland", "--from", "home")
    assert done.returncode == 1
    assert "There is no build at" in done.stderr


def test_a_terminal_of_a_few_columns_breaks_the_lines_itself(tmp_path) -> None:
    done = asymmetry_process(tmp_path, "country", "Poland", COLUMNS="5")
    assert done.returncode == 0, done.stderr
    assert "Poland" in done.stdout
