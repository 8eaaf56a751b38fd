"""Passwords and keys of the user: in nothing that is shown, logged or kept."""

import io
import json
import logging
from pathlib import Path

import pytest

from flows.cli.unexpected import ENDING, unexpected_message
from flows.cli.wishes import show_tracebacks
from flows.fetch.errors import FetchError
from flows.home.addresses import SCHEDULER, refuse_password
from flows.home.log_texts import keep_logs_presentable
from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.home.secrets import ADDRESSES, VARIABLES, without_secrets
from flows.monitoring.run_log import logged_run
from flows.runtime.runner_options import RunnerError, RunnerOptions

SECRET = 'hunter2"ünd'
HOOK = "https://hooks.example/services/T0001/B0002/abcdef"


@pytest.fixture(params=VARIABLES)
def named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The secret, which a variable holds."""
    monkeypatch.setenv(request.param, SECRET)
    return SECRET


def test_the_value_of_a_variable_is_hidden(named: str) -> None:
    assert without_secrets(f"asked with {named}!") == "asked with ***!"
    assert SECRET not in json.loads(without_secrets(json.dumps({"a": f"with {named}!"})))["a"]


@pytest.mark.parametrize("variable", ADDRESSES)
def test_the_password_of_an_address_is_hidden_wherever_it_stands(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "postgresql+asyncpg://me:p%40ss-word@db.example:5432/prefect")
    for told in ("p%40ss-word", "p@ss-word"):
        assert without_secrets(f"password {told} is wrong") == "password *** is wrong"


def test_the_path_of_the_hook_for_alerts_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERT_URL", HOOK)
    assert without_secrets(f"404 for url '{HOOK}'") == "404 for url 'https://hooks.example***'"
    assert "abcdef" not in without_secrets("Max retries: /services/T0001/B0002/abcdef (refused)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:pw@host/x", "http://***@host/x"),
        ("see http://me:p@w@host:80/x now", "see http://***@host:80/x now"),
        ("http://me:p/w@host/x", "http://***@host/x"),
        ("tcp://token@10.0.0.1:8786", "tcp://***@10.0.0.1:8786"),
        ("url='http://me:pw@host/x')", "url='http://***@host/x')"),
        ("http://host:8080/a@b and c@d.example", "http://host:8080/a@b and c@d.example"),
        ("http://host/a?b=c@d", "http://host/a?b=c@d"),
    ],
)
def test_a_login_in_any_address_is_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.mark.parametrize("address", ["http://me:pw@h/x", "http://me:p/w@h/x", "http://me:p#w@h"])
def test_an_address_with_a_login_is_refused_in_every_spelling(address: str) -> None:
    with pytest.raises(ValueError, match="netrc") as error:
        refuse_password(address)
    assert address not in str(error.value)


@pytest.mark.parametrize("address", ["http://h/x@y", "http://[::1]:80/x@y", "http://h:80/@", "a@b"])
def test_an_address_without_one_is_not(address: str) -> None:
    refuse_password(address)
    refuse_password(address, SCHEDULER)


def test_the_address_of_a_scheduler_with_a_password_is_refused() -> None:
    with pytest.raises(RunnerError, match="password in it") as error:
        RunnerOptions("dask", "tcp://me:hunter2@127.0.0.1:8786").check()
    assert "hunter2" not in str(error.value)


# --- where texts go -------------------------------------------------------------------------------

LOGIN = "http://me:hunter2@127.0.0.1:9/x"


def test_an_error_of_fetching_has_none() -> None:
    assert str(FetchError(f"{LOGIN} \x1b[2J")) == "http://***@127.0.0.1:9/x \\x1b[2J"


def test_a_log_has_none_in_message_or_traceback() -> None:
    make, written = logging.getLogRecordFactory(), io.StringIO()
    logger, handler = logging.getLogger("asymmetry.of.a.test"), logging.StreamHandler(written)
    logger.addHandler(handler)
    try:
        keep_logs_presentable()
        keep_logs_presentable()
        try:
            raise OSError(f"no answer from {LOGIN}")
        except OSError:
            logger.exception("asked %s \x1b[2J", LOGIN)
        logger.warning("%d of %s", 1, "plain")
    finally:
        logging.setLogRecordFactory(make)
        logger.removeHandler(handler)
    text = written.getvalue()
    assert "hunter2" not in text
    assert "\x1b" not in text
    assert "asked http://***@127.0.0.1:9/x \\x1b[2J\nTraceback" in text
    assert text.endswith("OSError: no answer from http://***@127.0.0.1:9/x\n1 of plain\n")


def test_records_and_logs_of_a_run_have_none(tmp_path: Path, named: str) -> None:
    record, home = RunRecord("live"), Home.at(tmp_path)
    logger = logging.getLogger("asymmetry.of.a.run")
    with logged_run(record, home, [logger.name]):
        logger.error("%s with %s \x9b2J", LOGIN, named)
    record.end("failed", f"OSError: {LOGIN} with {named}")
    record.write(home.runs)
    texts = [path.read_text("utf-8") for path in home.runs.iterdir()]
    assert len(texts) == 2
    for text in texts:
        assert "hunter2" not in text
        json.loads(text)
        assert "http://***@127.0.0.1:9/x with ***" in text


@pytest.mark.parametrize("is_wanted", [False, True])
def test_an_unexpected_error_shows_and_keeps_none(
    is_wanted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["asymmetry", "refresh", "--mirror", LOGIN])
    show_tracebacks(is_wanted)
    try:
        raise OSError(f"no answer from {LOGIN} \x1b[2J")
    except OSError as error:
        message = unexpected_message(error)
    finally:
        show_tracebacks(False)
    (kept,) = tmp_path.glob(f"runs/*{ENDING}")
    assert ("Traceback" in message) == is_wanted
    assert "hunter2" not in message + kept.read_text("utf-8")
    assert "\x1b" not in message
