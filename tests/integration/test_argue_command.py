"""Arguing by the command: what it prints and refuses, the exercises, claims of one's own."""

import hashlib
import json
import re
import subprocess
import sys
from operator import itemgetter
from pathlib import Path

import pytest

from flows.operations.argue import argue
from tests.built_homes import BuiltHome
from tests.documentation import commands
from tests.integration.arguing import RUSSIA
from tests.processes import ROOT, asymmetry, environment_of


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def home(sample_home: BuiltHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one's own to argue in."""
    return sample_home.copy(tmp_path_factory.mktemp("argue") / "home")


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
