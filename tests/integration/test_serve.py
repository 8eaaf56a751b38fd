"""`asymmetry serve` as a process, asked over HTTP and from a real Chromium."""

import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests
from playwright.sync_api import Page

from tests.integration.browser import chromium
from tests.processes import (
    LONGEST_ANSWER,
    PATIENCE,
    answer_signals,
    command,
    environment_of,
    running,
    wait_for,
)

SLOW = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range > b.range"
MANY = "SELECT range AS n FROM range(100001)"


@pytest.fixture(scope="module")
def served(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Address of a server, its process and its log; the home is a copy with the file alone."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "home").mkdir()
    shutil.copy(sample_home.warehouse, folder / "home" / "warehouse.duckdb")
    log = folder / "log"
    environment = environment_of(folder / "home")
    words = command("serve", "--port", "0")
    with running(words, environment, log, preexec_fn=answer_signals) as process:
        (address,) = wait_for(
            "an address", lambda: re.findall(r"http://127\.0\.0\.1:\d+/", log.read_text())
        )
        yield address, process, log, folder / "home"


@pytest.fixture(scope="module")
def page(served: Any) -> Iterator[Page]:
    with chromium() as browser:
        shown = browser.new_page()
        trouble: list[str] = []
        outside: list[str] = []
        shown.on("pageerror", lambda error: trouble.append(str(error)))
        shown.on(
            "request",
            lambda r: (
                None if r.url.startswith((served[0], "data:", "blob:")) else outside.append(r.url)
            ),
        )
        shown.goto(served[0])
        yield shown
        assert trouble == []
        assert outside == []


def ask(page: Page, sql: str) -> None:
    page.fill("#sql", sql)
    page.click("#run")
    page.wait_for_selector("#run:enabled", timeout=60_000)


def test_a_select_is_shown_and_its_text_is_only_text(page: Page) -> None:
    assert "SIMULATED" in page.inner_text("main")
    ask(page, "SELECT 1 AS one, NULL AS none, '<img src=x onerror=alert(1)>' AS markup")
    assert page.locator("#answer th").all_inner_texts() == ["one", "none", "markup"]
    cells = page.locator("#answer td").all_inner_texts()
    assert cells == ["1", "NULL", "<img src=x onerror=alert(1)>"]
    assert page.inner_text("#state").startswith("1 row, ")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT nonsense FROM core.votes", "nonsense"),
        ("COPY core.states TO '/tmp/stolen.csv'", "asks for no rows"),
        ("ATTACH '/tmp/other.duckdb'", "asks for no rows"),
        ("INSTALL httpfs", "asks for no rows"),
        ("FROM read_csv('/etc/passwd')", "disabled by configuration"),
        ("SELECT len(range(3000000000))", "1,024 MB of memory"),
        (SLOW, "ended after 10 s"),
    ],
)
def test_what_is_refused_is_said_on_the_page(page: Page, sql: str, says: str) -> None:
    began = time.monotonic()
    ask(page, sql)
    assert says in page.inner_text("#error")
    assert page.locator("#answer td").count() == 0
    assert time.monotonic() - began < 40 * PATIENCE


def test_more_rows_are_cut_and_said(page: Page) -> None:
    ask(page, MANY)
    assert "more than 100,000 rows; the rest is left out" in page.inner_text("#state")
    assert page.locator("#answer tbody tr").count() == 1000


def test_a_ready_question_and_the_tables_are_there(page: Page) -> None:
    page.select_option("#ready", index=1)
    assert page.inner_text("#caveat").startswith("Caveat: ")
    assert "-- Question:" in page.input_value("#sql")
    page.fill("#find", "core.votes")
    names = page.locator("#schema details:not([hidden]) summary").all_inner_texts()
    assert "core.votes" in names
    assert "core.states" not in names


def test_an_answer_is_downloaded(page: Page, tmp_path: Path) -> None:
    page.fill("#sql", "SELECT ccode, state_name FROM core.states ORDER BY ALL")
    page.select_option("#format", "xlsx")
    with page.expect_download() as waiting:
        page.click("#download")
    path = tmp_path / "a.xlsx"
    waiting.value.save_as(path)
    assert openpyxl.load_workbook(path)["data"].cell(1, 2).value == "state_name"


def test_other_names_and_sites_are_refused_and_headers_are_set(served: Any) -> None:
    address = served[0]
    answer = requests.get(address, timeout=LONGEST_ANSWER)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    rebound = requests.get(address, headers={"Host": "evil.example"}, timeout=LONGEST_ANSWER)
    assert rebound.status_code == 421
    sql = {"sql": "SELECT 1 AS n"}
    foreign = {"Origin": "http://evil.example"}
    from_elsewhere = requests.post(
        f"{address}query", json=sql, headers=foreign, timeout=LONGEST_ANSWER
    )
    assert from_elsewhere.status_code == 403
    as_form = requests.post(f"{address}query", data=sql, timeout=LONGEST_ANSWER)
    assert as_form.status_code == 415
    long = {"sql": "x" * 200_000}
    assert requests.post(f"{address}query", json=long, timeout=LONGEST_ANSWER).status_code == 413
    assert requests.get(f"{address}report/../../etc/passwd", timeout=360).status_code == 404


def test_a_new_publish_is_seen_and_an_interrupt_ends_it_at_once(served: Any) -> None:
    address, process, log, home = served
    import duckdb

    new = home / "new.duckdb"
    shutil.copy(home / "warehouse.duckdb", new)
    with duckdb.connect(str(new)) as connection:
        connection.execute("UPDATE meta.builds SET build_id = repeat('e', 64) WHERE is_current")
    new.replace(home / "warehouse.duckdb")
    assert "eeeeeeeeeeee" in requests.get(address, timeout=LONGEST_ANSWER).text
    began = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=10) == 130
    assert time.monotonic() - began < 3 * PATIENCE
    assert log.read_text().splitlines()[-1] == "Interrupted; the server has stopped."
