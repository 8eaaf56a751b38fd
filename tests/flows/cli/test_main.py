"""The command line as its users meet it."""

from pathlib import Path

import pytest

from flows.home.user_file import read_user_text
from tests.processes import asymmetry, asymmetry_process, asymmetry_with

COMMANDS = (
    "refresh",
    "fetch",
    "sources",
    "tables",
    "query",
    "export",
    "cite",
    "serve",
    "queries",
    "doctor",
    "plan",
    "status",
    "history",
    "rollback",
    "restore",
    "claims",
    "findings",
    "report",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(tmp_path: Path, command: str) -> None:
    done = asymmetry(tmp_path, command, "--help")
    assert done.returncode == 0
    assert f"Example: asymmetry {command}" in done.stdout


def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "query", "SELECT 1")
    assert done.returncode == 1
    assert "asymmetry refresh" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("refresh", "--profile", "mirror"), "--mirror"),
        (("refresh", "--mirror", "x"), "--profile mirror"),
        (("fetch", "gdp", "atop", "--from-file", "x"), "exactly one SOURCE"),
        (("fetch", "nonsense"), "There are: atop"),
        (("fetch", "gdp", "--from-file", "nowhere.csv"), "There is no file nowhere.csv"),
        (("rollback", "deadbeef"), "There is no build deadbeef"),
        (("query", "SELECT 1", "--output", "nowhere/x.csv"), "There is no folder nowhere"),
        (("query", "SELECT 1", "--output", "."), "is a folder"),
        (("findings", "--output", "nowhere/x.md"), "There is no folder nowhere"),
        (("findings", "--output", "."), "is a folder"),
        (("findings", "--output", "page"), "findings.md"),
        (("sources", "nonsense"), "There are: atop"),
        (("restore", "."), "asymmetry restore --check"),
        (("calibrate", "--families", "nonsense"), "There are: "),
        (("bootstrap", "--draws", "5", "--n-chunks", "6"), "--n-chunks 6"),
        (("archive", "aba", "--to", "a.zip"), "6 digits of its id at least"),
        (("diff", "aba"), "6 digits of its id at least"),
        (("restore", "--check", "nowhere"), "There is no folder nowhere"),
    ],
)
def test_wrong_usage_says_what_is_right(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = asymmetry(tmp_path, *arguments)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


def test_sources_tells_all_about_one(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "sources", "un_votes")
    assert "10.7910/DVN/LEJUQZ" in done.stdout


def test_sql_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "query", "-", stdin="-" * 1_000_001)
    assert done.returncode == 2
    assert "more than 1,000,000 bytes" in done.stderr


def test_a_list_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    endless.symlink_to("/dev/zero")
    with pytest.raises(ValueError, match="more than 10,000,000 bytes"):
        read_user_text(endless)


@pytest.mark.parametrize(
    "words",
    [
        ("query", "SELECT '\udcff'"),
        ("tables", "\udcff"),
        ("lineage", "core.votes", "--row", "ccode=\udcff"),
    ],
    ids=lambda words: words[0],
)
def test_a_word_that_is_no_text_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = asymmetry_process(tmp_path, *words)
    assert done.returncode == 2
    assert "\\udcff" in done.stderr
    assert "is no UTF-8 text. Nothing was done." in done.stderr


def test_standard_input_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    with (tmp_path / "written").open("w") as only_written:
        done = asymmetry_with(tmp_path / "home", "query", "-", stdin=only_written)
    assert done.returncode == 2
    assert done.stderr.startswith("Standard input cannot be read (")
