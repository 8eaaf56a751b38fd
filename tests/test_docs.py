"""The documentation is run: its SQL, its commands, its links, its paths and its figures."""

import csv
import importlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from flows.cli.errors import EXIT_CODES
from flows.cli.verbs import app
from flows.reports.dictionary import dictionary_pages
from flows.reports.dictionary_page import table_page
from tests.documentation import PAGES, QUESTIONS, blocks, commands
from tests.processes import ROOT, asymmetry
from transforms.core.choices import CHOICES
from warehouse.catalog.queries_page import queries_text
from warehouse.catalog.ready_queries import ready_queries
from warehouse.contracts.read import contracts


def test_readme_and_the_walk_ask_questions() -> None:
    pages = [q.page for q in QUESTIONS]
    assert pages.count("README.md") >= 1
    assert pages.count("tables.md") >= 5
    assert pages.count("follow_one_vote.md") >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_exist_with_their_options(page: Path) -> None:
    root: Any = typer.main.get_command(app)
    for words in commands(page):
        if words[:1] != ["asymmetry"]:
            continue
        name, *rest = words[1:]
        command = root.get_command(None, name)
        assert command, words
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known, words


def prefect_commands() -> list[tuple[str, list[str]]]:
    """(where, words after `prefect`) of every command that a page or a unit of systemd gives.

    A worker's module takes the options of Prefect's command and starts that.
    """
    worker = ["python", "-m", "flows.runtime.worker"]
    found = [(page.name, words) for page in PAGES for words in commands(page)]
    for unit in sorted((ROOT / "deploy").glob("*.service")):
        (line,) = re.findall(r"^ExecStart=\S*/(\S+ .+)$", unit.read_text("utf-8"), re.MULTILINE)
        found.append((unit.name, shlex.split(line)))
    started = [
        (where, ["prefect", "worker", "start", *words[3:]] if words[:3] == worker else words)
        for where, words in found
    ]
    return [(where, words[1:]) for where, words in started if words[:1] == ["prefect"]]


@pytest.mark.parametrize(("where", "words"), prefect_commands(), ids=str)
def test_commands_of_prefect_exist_with_their_options(where: str, words: list[str]) -> None:
    from prefect.cli._app import _app

    an_id = "00000000-0000-0000-0000-000000000000"
    given = [an_id if re.fullmatch(r"[A-Z_]+_ID", w) else w for w in words if w != "--no-prompt"]
    _app.parse_args(given, exit_on_error=False, print_error=False)
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    flow_of = {"refresh-all": "refresh"}
    known = {f"{flow_of.get(d['name'], d['name'])}/{d['name']}" for d in deployed}
    if given[:2] == ["deployment", "run"]:
        assert given[2] in known, f"{where}: {given[2]}"


def test_the_runbook_names_every_deployment_and_every_exit_code() -> None:
    page = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    missing = [d["name"] for d in deployed if f"`{d['name']}`" not in page]
    assert not missing
    codes = {str(code) for code in EXIT_CODES.values()}
    assert {code for code in codes if f"| {code} |" in page} == codes


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
    named |= {words[1] for words in commands(page) if words[:1] == ["make"]}
    assert named <= targets


PYTHON = [(p.name, body) for p in PAGES for kind, body, _ in blocks(p) if kind == "python"]


@pytest.mark.parametrize(("page", "body"), PYTHON, ids=lambda v: str(v)[:20])
def test_python_compiles_and_its_imports_exist(page: str, body: str) -> None:
    compile(body, page, "exec")
    for module, names in re.findall(r"^from ([\w.]+) import (.+)$", body, re.MULTILINE):
        for name in names.split(", "):
            assert hasattr(importlib.import_module(module), name), f"{module}.{name}"


CODE_PATH = re.compile(
    r"`((?:flows|transforms|expectations|warehouse|tests|docs)/[\w./*-]+)(?::([\w.]+))?`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_code_that_is_named_exists(page: Path) -> None:
    for path, name in CODE_PATH.findall(page.read_text("utf-8")):
        found = list(ROOT.glob(path.rstrip("/")))
        assert found, f"{page.name}: there is no {path}"
        if name:
            definition = rf"^(?:def|class) {re.escape(name)}\b"
            text = found[0].read_text("utf-8")
            assert re.search(definition, text, re.MULTILINE), f"{page.name}: no {name} in {path}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_tables_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:staging|core|marts|metrics|meta)\.[a-z_]+)", page.read_text("utf-8"))
    assert {name for name in named if not name.endswith("_")} <= set(contracts())


def test_readme_shows_the_two_commands_and_no_machine() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    first_screen = "\n".join(text.splitlines()[:20])
    assert "asymmetry country" in first_screen
    assert "make run" in first_screen
    assert "make test" in first_screen
    words = ["pypi" + ".org", "python" + "hosted", "/wo" + "rk/", "/tm" + "p/"]
    for page in PAGES:
        text = page.read_text("utf-8")
        assert not [w for w in words if w in text], page.name
        assert not re.search(r"(?<!flows)/ho" + "me/", text), page.name


def test_the_country_of_the_readme_is_what_the_command_says(tmp_path: Path) -> None:
    (printed,) = [
        answer
        for language, body, answer in blocks(ROOT / "README.md")
        if language == "sh" and body == "asymmetry country Poland\n"
    ]
    found = asymmetry(tmp_path, "country", "Poland").stdout
    assert printed
    said = "".join(f"{line.rstrip()}\n" for line in found.splitlines())
    assert printed in said, "README.md: print what the command says now"


def test_identifiers_have_every_rule_of_succession() -> None:
    page = (ROOT / "docs" / "identifiers.md").read_text("utf-8")
    with (ROOT / "transforms" / "reference" / "succession.csv").open(encoding="utf-8") as file:
        lines = [succession_line(rule) for rule in csv.DictReader(file)]
    missing = [line for line in lines if line not in page]
    assert not missing, "docs/identifiers.md lacks:\n" + "\n".join(missing)
    rules = re.findall(
        r"^\| `\w+` \|.*\| (?:relabel|drop|keep|not_sovereign) \|", page, re.MULTILINE
    )
    assert len(rules) == len(lines), "docs/identifiers.md has rules that succession.csv lacks"


def succession_line(rule: dict[str, str]) -> str:
    limits = [
        f"{kind}s {rule[f'{kind}_from'] or '…'} to {rule[f'{kind}_to'] or '…'}"
        for kind in ("session", "month")
        if rule[f"{kind}_from"] or rule[f"{kind}_to"]
    ]
    cells = [f"`{rule['rule_id']}`", rule["case_name"], rule["ccode_source"], rule["ccode"]]
    return "| " + " | ".join([*cells, "; ".join(limits), rule["action"], rule["reason"]]) + " |"


def test_licences_name_every_source_and_what_the_pins_are_from() -> None:
    page = (ROOT / "DATA_LICENSES.md").read_text("utf-8")
    lock = json.loads((ROOT / "flows" / "sources" / "sources.lock.json").read_text("utf-8"))
    for declaration in (ROOT / "flows" / "sources").glob("*.yml"):
        assert f"| `{declaration.stem}` |" in page
    assert {pin["pinned_from"] for pin in lock["sources"].values()} == {"mirror"}, (
        "the pins have changed: rewrite the section about them in DATA_LICENSES.md"
    )


def test_the_dictionary_is_current() -> None:
    folder = ROOT / "docs" / "generated" / "dictionary"
    committed = {page.name: page.read_text("utf-8") for page in folder.glob("*")}
    current = dictionary_pages()
    wrong = {name for name in current if committed.get(name) != current[name]}
    wrong |= committed.keys() - current.keys()
    assert not wrong, f"docs/generated/dictionary is out of date, run `make docs`: {sorted(wrong)}"


def test_the_page_of_the_ready_queries_is_current() -> None:
    committed = (ROOT / "docs" / "generated" / "queries.md").read_text("utf-8")
    current = queries_text(ready_queries().values())
    assert committed == current, "docs/generated/queries.md is out of date: run `make docs`"


def test_the_dictionary_says_all_about_a_column() -> None:
    text = table_page(contracts()["core.votes"])
    assert "Key: `rcid`, `ccode`;" in text
    assert "`cow_states` (1816-01-01 to " in text
    assert "Made by `transforms.core.votes:build_votes` from [staging." in text
    assert "[metrics.vote_similarity](metrics.vote_similarity.md)" in text
    assert "SELECT rcid, ccode, session" in text
    assert "| `is_sovereign` | BOOLEAN |" in text
    for choice in CHOICES:
        assert f"`{choice}` " in text
    heading = text.index("| column | type |")
    rows = [line for line in text[heading:].splitlines() if line.startswith("| `")]
    assert len(rows) == len(contracts()["core.votes"].columns)


def test_the_dictionary_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "generated" / "dictionary"
    folder.mkdir(parents=True)
    (folder / "core.dropped.md").write_text("a table that is no more\n")
    subprocess.run([sys.executable, "-m", "flows.reports.dictionary", str(folder)], check=True)
    assert {page.name for page in folder.iterdir()} == set(dictionary_pages())


def test_a_view_has_a_page_with_what_it_reads() -> None:
    text = dictionary_pages()["voting_partners.md"]
    assert "A view over [marts.dyad_session](marts.dyad_session.md)" in text
    assert "| `partner_name` | VARCHAR | The other state's name" in text
    assert "[closest_partners](../queries.md#closest_partners)" in text
