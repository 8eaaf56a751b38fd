"""Arguing with claims on the simulated world: command, function, exercises and example."""

import hashlib
import json
import re
import subprocess
import sys
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from flows.home.arguments import Argument
from flows.operations.argue import argue
from flows.reports.argument_page import sentences_of
from tests.built_homes import BuiltHome
from tests.documentation import commands
from tests.processes import ROOT, asymmetry, environment_of
from transforms.arguing.choices import ARGUABLE
from transforms.arguing.errors import ArgumentError

RUSSIA = ROOT / "examples" / "allies_of_russia.csv"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def home(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one's own to argue in."""
    return sample_home.copy(tmp_path_factory.mktemp("argue") / "home")


def argued(home: Path, claim: str, **choices: str) -> Argument:
    return argue(claim, choices, home=home, keep=False)


def primary_of(home: BuiltHome, claim: str) -> tuple[Any, ...]:
    return home.rows(
        "SELECT estimate, ci_low, ci_high, p_value, n FROM metrics.claim_test WHERE is_primary"
        f" AND edition = 2 AND leader = 2 AND claim = '{claim}'"
    )[0]


@pytest.mark.parametrize("claim", ARGUABLE)
def test_without_a_change_it_is_the_published_primary(sample_home: Any, claim: str) -> None:
    found = argued(sample_home.home, claim)
    estimate, low, high, p_value, n = primary_of(sample_home, claim)
    own = found.answer
    assert (own["estimate"], own["ci_low"], own["ci_high"]) == (estimate, low, high)
    if estimate is None:
        assert own["cannot_say"], "a sentence, not an empty figure"
        assert found.place is None
    else:
        assert (own["p_value"], found.counts["rows"]) == (p_value, n)
    assert found.changed == {}


def test_another_leader_stands_next_to_its_own_primary(sample_home: Any) -> None:
    found = argued(sample_home.home, "C8", leader="Russia")
    assert found.published["leader"] == 365
    assert found.answer["estimate"] == found.published["estimate"]
    assert found.changed.keys() == {"leader"}
    assert "it is a replication" in found.notes[0]


COLUMNS = "estimate, ci_low, ci_high, n"


@pytest.mark.parametrize(
    ("table", "where", "claim", "choices"),
    [
        (
            "triple_difference",
            "regressor = 'ally' AND design = 'state_era' AND control_class = 'contested'"
            " AND scale = 'share' AND sample = 'all' AND vote_subset = 'all'",
            "C2a",
            {"design": "state_era", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'ally' AND design = 'two_way' AND control_class = 'contested'"
            " AND scale = 'share' AND sample = 'sessions_46_on' AND vote_subset = 'all'",
            "C2a",
            {"years": "1991-2021", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'tier_steps' AND design = 'region_session' AND scale = 'logit'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2b",
            {"design": "region_session", "controls": "contested", "scale": "logit"},
        ),
        (
            "triple_difference",
            "regressor = 'western_ally' AND sample = 'western_wide' AND scale = 'share'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2f",
            {"sample": "western_wide", "controls": "contested"},
        ),
        (
            "triple_difference",
            "regressor = 'ally_by_size' AND design = 'two_way' AND scale = 'share'"
            " AND control_class = 'contested' AND vote_subset = 'all'",
            "C2g",
            {"controls": "contested"},
        ),
        (
            "predictability",
            "outcome = 'co_movement' AND tier = 'atop' AND vote_class = 'unpopular'"
            " AND scale = 'logit' AND design = 'region_session' AND sample = 'unchanged'",
            "C8",
            {"tier": "atop", "votes": "unpopular", "scale": "logit", "design": "region_session"},
        ),
        (
            "exchange_under_threat",
            "threat = 'external_threat' AND lag = 1 AND covariates = 'regime_trade'"
            " AND control_class = 'contested' AND scale = 'share' AND quantity = 'adjusted'",
            "C9",
            {"covariates": "regime_trade", "controls": "contested"},
        ),
    ],
)
def test_a_choice_that_the_build_has_gives_its_figures(
    sample_home: Any, table: str, where: str, claim: str, choices: dict[str, str]
) -> None:
    ((estimate, low, high, n),) = sample_home.rows(
        f"SELECT {COLUMNS} FROM metrics.{table} WHERE leader = 2 AND {where}"
    )
    found = argued(sample_home.home, claim, **choices)
    assert estimate is not None
    assert found.answer["estimate"] == estimate
    assert (found.answer["ci_low"], found.answer["ci_high"]) == (low, high)
    assert found.counts["rows"] == n


OF_CURVES = [
    ("C1a", "dyad_year", "personnel, ratio 10, 1946-1991",
     {"design": "dyad_year", "variable": "milper", "ratio": "10", "period": "1946-1991"}),
    ("C1a", "alliance_year_trend", "CINC, ratio 3, 1816-2018", {"design": "alliance_year_trend"}),
    ("C1a", "alliance_year_drawn", "CINC, ratio 3, from 1946", {"design": "alliance_year_drawn"}),
    ("C1b", "sign_test", "CINC, first to second, 1946-2018", {"years": "1946-2018"}),
    ("C1c", "share_of_partners", "Russia, atop, spending, ratio 10, 1946-2018",
     {"leader": "Russia", "tier": "atop", "variable": "milex_thousand", "years": "1946-2018"}),
    ("C2c", "firth_covariates_region",
     "iraq_2003 2003-03-27, treaty, any_day, as_published, ally",
     {"specification": "firth_covariates_region", "tier": "treaty", "tie_rule": "any_day"}),
    ("C2c", "firth_aspirant",
     "iraq_2003 2003-03-27, core, in_force_on_date, without_angola, ally",
     {"specification": "firth_aspirant", "list_version": "without_angola"}),
    ("C2c", "firth_covariates",
     "iraq_2003 2003-03-27, core, in_force_on_date, as_published, aspirant",
     {"term": "aspirant"}),
    ("C2d", "ordinal", "daesh 2016-01-31, atop, in_force_on_date, as_published, ally",
     {"specification": "ordinal", "tier": "atop", "as_of": "2016-01-31"}),
    ("C2d", "fisher", "daesh 2017-12-31, core, in_force_on_date, as_published, ally",
     {"specification": "fisher", "as_of": "2017-12-31"}),
    ("C2e", "permuted_ranks", "atop, firth_bivariate",
     {"tier": "atop", "specification": "firth_bivariate"}),
    ("C3", "balance", "hard, ratio 2, formed from 1945, all leaders",
     {"item": "hard", "ratio": "2", "years": "1945-2018"}),
    ("C3", "leader_share", "defense, ratio 3, formed all, all leaders",
     {"statistic": "leader_share"}),
    ("C3", "balance", "dipaid, ratio 3, formed all, led by Russia",
     {"item": "dipaid", "leader": "Russia"}),
    ("C4", "between_regions", "asia_pacific minus elsewhere, pairs, 1992-2018",
     {"region_other": "elsewhere", "weighting": "pairs", "years": "1992-2018"}),
    ("C5", "cox_time_fixed", "all_terminations, log_ratio",
     {"sample": "all_terminations", "estimator": "cox_time_fixed", "term": "log_ratio"}),
    ("C5", "cox_adjusted", "violation_only, asymmetric",
     {"sample": "violation_only", "estimator": "cox_adjusted"}),
    ("C6", "within_year", "ratio 1, 1960-2018",
     {"design": "within_year", "ratio": "1", "years": "1960-2018"}),
    ("C6", "later_minus_cold_war", "ratio 3, 1960-2018",
     {"design": "later_minus_cold_war", "years": "1960-2018"}),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "estimator", "specification", "choices"), OF_CURVES)
def test_a_choice_that_a_claim_lists_gives_its_figures(
    sample_home: Any, claim: str, estimator: str, specification: str, choices: dict[str, str]
) -> None:
    ((estimate, low, high, p_value, n),) = sample_home.rows(
        "SELECT estimate, ci_low, ci_high, p_value, n FROM metrics.claim_test WHERE edition = 2"
        f" AND leader = 2 AND claim = '{claim}' AND estimator = '{estimator}'"
        f" AND specification = '{specification}'"
    )
    found = argued(sample_home.home, claim, **choices)
    own = found.answer
    assert (own["estimate"], own["ci_low"], own["ci_high"]) == (estimate, low, high)
    if estimate is None:
        assert own["cannot_say"]
    else:
        assert (own["p_value"], found.counts["rows"]) == (p_value, n)


@pytest.mark.parametrize(
    ("claim", "choices"),
    [
        ("C3", {"item": "dipaid"}),
        ("C1a", {"design": "alliance_year_trend"}),
        ("C6", {"design": "later_minus_cold_war", "years": "1960-2018"}),
        ("C4", {"region": "europe", "region_other": "asia_pacific"}),
    ],
)
def test_another_question_has_no_side_and_no_place(
    sample_home: Any, claim: str, choices: dict[str, str]
) -> None:
    found = argued(sample_home.home, claim, **choices)
    assert found.asks
    assert found.place is None
    said = " ".join(sentences_of(found))
    assert "expected side;" not in said
    assert found.answer["cannot_say"] or "It asks something else than the primary" in said


@pytest.mark.parametrize(
    ("claim", "choices", "fewer"),
    [
        ("C1a", {"without_leaders": "USA"}, "rows"),
        ("C1a", {"clusters": "alliance"}, ""),
        ("C3", {"without_leaders": "USA"}, "rows"),
        ("C2c", {"without": "Canada, France"}, "states"),
        ("C4", {"without": "Japan"}, "allies"),
        ("C5", {"years": "1900-2018"}, "rows"),
        ("C6", {"without": "USA"}, "states"),
    ],
)
def test_what_is_left_out_is_left_out(
    sample_home: Any, claim: str, choices: dict[str, str], fewer: str
) -> None:
    found, whole = argued(sample_home.home, claim, **choices), argued(sample_home.home, claim)
    assert found.answer["estimate"] is None or (found.answer["ci_low"] != whole.answer["ci_low"])
    assert not fewer or found.counts[fewer] < whole.counts[fewer]


def published_core(home: BuiltHome, path: Path) -> Path:
    """The build's own core allies as a list of one's own, a state's overlapping treaties as one."""
    rows = home.rows(
        "SELECT ccode, in_force_from, in_force_to FROM core.treaty_allies"
        " WHERE ccode_hegemon = 2 AND tier = 'core' ORDER BY ccode, in_force_from"
    )
    spells: list[list[Any]] = []
    for ccode, first, last in rows:
        if spells and spells[-1][0] == ccode and (spells[-1][2] is None or first <= spells[-1][2]):
            ends = [spells[-1][2], last]
            spells[-1][2] = None if None in ends else max(ends)
        else:
            spells.append([ccode, first, last])
    lines = [f"{ccode},{first},{last or ''}" for ccode, first, last in spells]
    path.write_text("\n".join(["ccode,from,to", *lines, ""]), "utf-8")
    return path


@pytest.mark.parametrize(
    ("claim", "more"),
    [
        ("C8", {}),
        ("C2a", {"controls": "contested"}),
        ("C1c", {}),
        ("C2c", {}),
        ("C2d", {"tie_rule": "any_day"}),
        ("C2e", {}),
    ],
)
def test_the_published_allies_as_a_list_give_the_published_figures(
    sample_home: Any, tmp_path: Path, claim: str, more: dict[str, str]
) -> None:
    own_list = published_core(sample_home, tmp_path / "core.csv")
    own = argued(sample_home.home, claim, allies=str(own_list), **more)
    tier = argued(sample_home.home, claim, **more)
    assert own.answer == tier.answer
    assert own.counts == tier.counts
    assert own.changed.keys() == {"allies", *more}
    assert re.search(r"The list has (\d+) .* core tier of the build \1; \1 are", own.notes[0])


def test_the_published_file_stays_what_it_was_and_nothing_else_is_written(home: Path) -> None:
    before = {path: sha256(path) for path in home.rglob("*.duckdb")}
    entries = set(home.iterdir())
    for choices in ({"leader": "Russia", "tier": "atop"}, {"years": "1991-2010"}):
        argue("C8", choices, home=home)
    argue("C8", home=home, leader="Russia", allies=str(RUSSIA))
    assert {path: sha256(path) for path in home.rglob("*.duckdb")} == before
    assert set(home.iterdir()) - entries <= {home / "arguments"}


REFUSED = [
    (["C2a", "--set", "windw=1991-2000"], "C2a has no choice windw"),
    (["C2a", "--set", "years=1800-1810"], "The build has votes of years"),
    (["C2a", "--set", "threshold=0"], "no vote is unpopular"),
    (["C2a", "--set", "threshold=0.9", "--set", "controls=contested"], "has to lie below 0.8"),
    (["C2a", "--set", "tier"], "write it as KEY=VALUE"),
    (["C2a", "--set", "tier=core", "--set", "tier=atop"], "it is there twice"),
    (["C8", "--set", "leader=Rusia"], "did you mean russia?"),
    (["C8", "--set", "leader=France", "--set", "tier=guarantee"], "no such tier of this leader"),
    (["C8", "--set", "leader=Namibia", "--set", "years=1950-1960"], "it cast no vote"),
    (["C2a", "--set", "years=1964-1964"], "Session 19, of one roll call, is left out"),
    (["C2h", "--set", "leader=Russia"], "Known for votes: all, hegemon_specific"),
    (["C8", "--set", "without=Atlantis"], "no state 'Atlantis'"),
    (["C8", "--set", "without=USA"], "the leader itself is never compared"),
    (["C8", "--set", "allies=nowhere.csv"], "cannot be read"),
    (["C2f", "--set", "leader=Russia"], "C2f has no choice leader"),
    (["C99"], "There is no claim C99"),
    ([], "Name a claim"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=lambda value: str(value)[-40:])
def test_what_makes_no_sense_is_refused_in_words(
    home: Path, words: list[str], message: str
) -> None:
    kept = set(home.glob("arguments/*"))
    done = asymmetry(home, "argue", *words)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert set(home.glob("arguments/*")) == kept


REFUSED_OF_ALLIANCES: list[tuple[str, dict[str, str], str]] = [
    ("C1a", {"tier": "core"}, "C1a has no choice tier"),
    ("C1a", {"ratio": "0.5"}, "a number from 1 to 1000"),
    ("C1a", {"design": "dyad_year", "clusters": "alliance"}, "are no alliances"),
    ("C1a", {"design": "alliance_year_trend", "period": "from 1992"}, "Set years"),
    ("C2c", {"specification": "ordinal", "level": "3"}, "all levels at once"),
    ("C3", {"leader": "USA", "without_leaders": "USA"}, "name the same state"),
    ("C1b", {"years": "1700-1800"}, "The build has data of years"),
    ("C2c", {"term": "aspirant", "specification": "fisher"}, "Known for term: ally"),
    ("C2c", {"as_of": "2003-03-18", "list_version": "without_angola"}, "disputed"),
    ("C2d", {"as_of": "2015-01-01"}, "2014-12-31, 2016-01-31, 2017-12-31"),
    ("C2e", {"leader": "Russia"}, "C2e has no choice leader"),
    ("C4", {"region_other": "asia_pacific"}, "is the region itself"),
    ("C5", {"estimator": "cox_adjusted", "term": "log_ratio"}, "Known for term: asym"),
    ("C7", {}, "exactly the parties to the Rio treaty"),
]


@pytest.mark.parametrize(("claim", "choices", "message"), REFUSED_OF_ALLIANCES)
def test_choices_of_alliances_that_make_no_sense_are_refused(
    sample_home: Any, claim: str, choices: dict[str, str], message: str
) -> None:
    with pytest.raises(ArgumentError, match=re.escape(message)):
        argued(sample_home.home, claim, **choices)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "the list is empty"),
        ("2,1949,\n", "is the leader, and no ally of itself"),
        ("220,1949,1960\n220,1955,1970\n", "two spells of France overlap"),
        ("220,1960,1950\n", "before it begins"),
    ],
)
def test_a_list_that_would_say_something_false_is_refused(
    sample_home: Any, tmp_path: Path, rows: str, message: str
) -> None:
    (tmp_path / "mine.csv").write_text(f"ccode,from,to\n{rows}", "utf-8")
    with pytest.raises(ArgumentError, match=message):
        argued(sample_home.home, "C8", allies=str(tmp_path / "mine.csv"))


def test_a_short_list_cannot_say(sample_home: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("ccode,from,to\n220,1966,\n200,1966,\n", "utf-8")
    found = argued(sample_home.home, "C8", allies=str(tmp_path / "mine.csv"))
    assert "allies with votes: 2 (at least 5)" in found.answer["cannot_say"]
    assert found.answer["estimate"] is None


@pytest.mark.parametrize(
    ("claim", "choices", "why"),
    [
        ("C1a", {"ratio": "1"}, "nothing varies"),
        ("C1a", {"ratio": "1", "design": "alliance_year_trend"}, "nothing varies"),
        ("C1a", {"years": "1950-2018"}, "outside the sources"),
        ("C3", {"leader": "Luxembourg"}, "nothing is left"),
        ("C6", {"ratio": "1000"}, "nothing is left"),
    ],
)
def test_what_cannot_tell_gives_no_figure(
    sample_home: Any, claim: str, choices: dict[str, str], why: str
) -> None:
    found = argued(sample_home.home, claim, **choices)
    assert why in found.answer["cannot_say"]
    assert found.answer["estimate"] is None


@pytest.mark.parametrize("claim", ["C1c", "C2c", "C4"])
def test_a_list_of_two_says_nothing_of_an_alliance(
    sample_home: Any, tmp_path: Path, claim: str
) -> None:
    (tmp_path / "mine.csv").write_text("ccode,from,to\n220,1966,\n200,1966,\n", "utf-8")
    found = argued(sample_home.home, claim, allies=str(tmp_path / "mine.csv"))
    assert found.answer["estimate"] is None
    assert found.answer["cannot_say"]


def test_a_list_of_everybody_cannot_say(sample_home: Any, tmp_path: Path) -> None:
    codes = sample_home.rows("SELECT DISTINCT ccode FROM core.states WHERE ccode <> 2 ORDER BY 1")
    lines = "".join(f"{code},1900,\n" for (code,) in codes)
    (tmp_path / "mine.csv").write_text(f"ccode,from,to\n{lines}", "utf-8")
    for claim in ("C2a", "C8"):
        found = argued(sample_home.home, claim, allies=str(tmp_path / "mine.csv"))
        assert found.answer["estimate"] is None
        assert found.answer["cannot_say"]


def test_the_command_prints_it_next_to_the_published_one_and_lists_it(home: Path) -> None:
    done = asymmetry(home, "argue", "c8", "--set", "tier=treaty")
    assert done.returncode == 0
    assert "SIMULATED" in done.stderr
    assert "Changed: tier: core → treaty." in done.stdout
    assert "On the specification curve: by estimate above" in done.stdout
    assert "no verdict" in done.stdout
    (name,) = re.findall(r"Kept as (\w+)\.", done.stdout)
    listed = asymmetry(home, "argue", "--list", "C8", "--format", "json")
    by_name = {one["name"]: one for one in json.loads(listed.stdout)}
    assert by_name[name]["changed"] == {"tier": ["core", "treaty"]}
    table = asymmetry(home, "argue", "--list").stdout
    assert name in table
    again = asymmetry(home, "argue", "C8", "--set", "tier=treaty", "--format", "json")
    assert json.loads(again.stdout)["answer"] == by_name[name]["answer"]


def test_the_choices_are_listed(home: Path) -> None:
    done = asymmetry(home, "argue", "C2a", "--choices")
    assert done.returncode == 0
    for word in ("two_way", "core, treaty, guarantee, atop", "threshold", "a CSV file"):
        assert word in done.stdout


def test_a_page_with_its_place_on_the_curve(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "mine.md"
    done = asymmetry(
        home, "argue", "C8", "--set", f"allies={RUSSIA}", "--set", "leader=365", "--page", str(page)
    )
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert "SIMULATED WORLD" in text
    assert "| 290 | 1955-01-01 | 1991-07-01 |" in text
    for picture in re.findall(r"\]\((.+\.svg)\)", text):
        assert "SIMULATED WORLD" in (tmp_path / picture).read_text("utf-8")
    refused = asymmetry(home, "argue", "C8", "--page", str(home / "mine.md"))
    assert refused.returncode == 2
    assert "lies in the home" in refused.stderr


TEACHING = [
    words for words in commands(ROOT / "docs" / "teaching.md") if words[:1] == ["asymmetry"]
]


def test_six_exercises_have_a_command_a_figure_and_a_question() -> None:
    text = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    exercises = re.findall(r"^## \d\. .+?(?=^## )", text, re.MULTILINE | re.DOTALL)
    assert len(exercises) == 6
    for exercise in exercises:
        assert "```sh\nasymmetry " in exercise
        assert re.search(r"!\[.+\]\(findings/\w+\.svg\)", exercise)
        assert "?" in exercise.rpartition("svg)")[2]


def test_the_exercises_run_one_after_the_other(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for _, *words in TEACHING:
        done = asymmetry(home, *words)
        assert done.returncode == 0, (words, done.stderr)
    assert {"core.md", "treaty.md", "atop.md", "class.md"} <= {p.name for p in tmp_path.iterdir()}
    assert "curve.svg" in (tmp_path / "class.md").read_text("utf-8")


def test_the_example_runs(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "argue.py"],
        env=environment_of(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "C8, allies of Russia" in done.stdout
    assert "did you mean core?" in done.stdout


PUBLISHED = (
    "SELECT claim, estimator, specification, estimate FROM metrics.claim_test"
    " WHERE edition = 2 AND leader = 2"
)
OWN = """
claims:
  mine:
    origin: derived
    statement: Allies are steadier by whatever tie.
    reading: effect on the variance of changes
    limits: One estimate.
    expected: negative
    estimand: variance
    tests:
      - role: primary
        measure: predictability
        estimator: "{outcome}"
        each: {leader: 2, outcome: co_movement, tier: atop, vote_class: all, scale: share,
               design: two_way, sample: unchanged}
        specification: "{tier}, {sample}"
"""


def test_claims_of_ones_own_are_judged_from_published_estimates(home: Path, tmp_path: Path) -> None:
    before = {path: sha256(path) for path in home.rglob("*.duckdb")}
    file = tmp_path / "mine.yml"
    file.write_text(OWN, "utf-8")
    done = asymmetry(home, "argue", "--claims", str(file))
    assert done.returncode == 0, done.stderr
    assert "Allies are steadier by whatever tie." in done.stdout
    assert "nothing could falsify it" in done.stdout
    file.write_text(OWN.replace("unchanged", "unchangd"), "utf-8")
    refused = asymmetry(home, "argue", "--claims", str(file))
    assert refused.returncode == 2
    assert "did you mean unchanged?" in refused.stderr
    assert "not testable" not in refused.stdout
    assert {path: sha256(path) for path in home.rglob("*.duckdb")} == before


def test_the_edition_itself_as_a_file_gives_the_published_verdicts(home: Path) -> None:
    edition = ROOT / "transforms" / "reference" / "claims.yml"
    done = asymmetry(home, "argue", "--claims", str(edition), "--format", "json")
    assert done.returncode == 0, done.stderr
    published = json.loads(asymmetry(home, "query", PUBLISHED, "--format", "json").stdout)
    own = [
        {key: row[key] for key in ("claim", "estimator", "specification", "estimate")}
        for row in json.loads(done.stdout)
    ]
    key = itemgetter("claim", "estimator", "specification")
    assert sorted(own, key=key) == sorted(published, key=key)
