"""What every verb has: -h, --quiet, --debug, --json, a line in its group, completion."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from flows.cli.verbs import GROUPS, VERBS, app, in_one_line
from tests.processes import ROOT, asymmetry, environment_of

NOT_TO_LIST_VERBS = ("polars", "duckdb", "flows.cli.refresh", "flows.cli.query")


def options_of(verb: str) -> set[str]:
    root: Any = typer.main.get_command(app)
    return {option for p in root.get_command(None, verb).params for option in p.opts}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_them_and_offers_no_installation(verb: str, tmp_path: Path) -> None:
    done = asymmetry(tmp_path, verb, "-h")
    assert done.returncode == 0
    assert done.stdout == asymmetry(tmp_path, verb, "--help").stdout
    options = options_of(verb)
    assert {"--quiet", "-q", "--debug"} <= options
    assert not {o for o in options if "completion" in o}
    assert ("--json" in options) == ("--format" in options)


def test_the_list_of_verbs_is_in_groups_and_imports_none(tmp_path: Path) -> None:
    listed = asymmetry(tmp_path, "--help").stdout
    places = [listed.index(f" {group} ") for group in GROUPS]
    assert places == sorted(places)
    assert [listed.count(f"│ {verb} ") for verb in VERBS] == [1] * len(VERBS)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flows.cli.main", "-h"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & set(NOT_TO_LIST_VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_in_one_line_says_what_it_is_for(verb: str) -> None:
    line = in_one_line(verb)
    assert line[0].isupper()
    assert line.endswith(".")
    assert verb not in line.split(" ", maxsplit=1)[0].lower()


def test_json_is_another_word_for_the_format(tmp_path: Path) -> None:
    as_json = asymmetry(tmp_path, "history", "--json").stdout
    assert as_json == asymmetry(tmp_path, "history", "--format", "json").stdout == "[]\n"
    assert "No runs yet" in asymmetry(tmp_path, "history", "--json", "--format", "table").stdout
    assert "No runs yet" in asymmetry(tmp_path, "history").stdout


def test_quiet_leaves_hints_out(tmp_path: Path) -> None:
    hint = "shows URL, terms and citation"
    assert hint in asymmetry(tmp_path, "sources").stdout
    assert hint not in asymmetry(tmp_path, "sources", "--quiet").stdout
    assert hint in asymmetry(tmp_path, "sources").stdout  # it counts for one command


def test_a_shell_completes_verbs_and_options(tmp_path: Path) -> None:
    asked = {"_ASYMMETRY_COMPLETE": "complete_bash"}
    program = "from flows.cli.verbs import app; app(prog_name='asymmetry')"

    def complete(words: str, n: int) -> list[str]:
        variables = {**asked, "COMP_WORDS": words, "COMP_CWORD": str(n)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment_of(tmp_path, **variables),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.split()

    assert complete("asymmetry hi", 1) == ["history"]
    assert complete("asymmetry history --f", 2) == ["--format"]
    assert complete("asymmetry history --format ", 3) == ["table", "json"]


def test_a_verb_that_is_misspelt_gets_its_neighbour(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "qery", "SELECT 1")
    assert done.returncode == 2
    assert "Did you mean 'query'" in done.stderr
