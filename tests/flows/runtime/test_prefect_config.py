"""What a command makes of what the user has said to Prefect; without Prefect."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.home.paths import Home
from flows.runtime import prefect_config
from flows.runtime.prefect_config import (
    ServerAwayError,
    _has_settings_file,
    configured_api,
    prepare_prefect,
    quiet_prefect,
)
from flows.runtime.worker import worker_environment


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of somebody who has said nothing to Prefect."""
    for name in [n for n in os.environ if n.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    # what is set in the test goes with it
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ["HOME"] = str(tmp_path / "login")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "login"


def test_prefect_keeps_its_files_in_the_home(login: Path, tmp_path: Path) -> None:
    quiet_prefect(Home.at(tmp_path / "home"))
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "home" / "prefect")
    assert (tmp_path / "home" / "prefect").is_dir()
    assert "PREFECT_PROFILES_PATH" not in os.environ
    assert not login.exists()
    assert configured_api() is None


def test_a_place_that_the_user_has_chosen_is_used(login: Path, tmp_path: Path) -> None:
    os.environ["PREFECT_HOME"] = "/somewhere/else"
    quiet_prefect(Home.at(tmp_path / "home"))
    assert os.environ["PREFECT_HOME"] == "/somewhere/else"
    assert not (tmp_path / "home").exists()


def test_profiles_of_the_user_hold(login: Path, tmp_path: Path) -> None:
    profiles = login / ".prefect" / "profiles.toml"
    profiles.parent.mkdir(parents=True)
    profiles.write_text('active = "theirs"')
    quiet_prefect(Home.at(tmp_path / "home"))
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "home" / "prefect")
    assert os.environ["PREFECT_PROFILES_PATH"] == str(profiles)
    assert _has_settings_file()


def test_a_server_in_the_environment_is_taken_as_it_is(login: Path) -> None:
    os.environ["PREFECT_API_URL"] = "theirs"
    assert configured_api() == "theirs"


def silent_at_first(times: int) -> ThreadingHTTPServer:
    """A server that takes connections and is silent, and answers when it has done so often."""
    asked = iter(range(1_000))

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if next(asked) < times:
                time.sleep(1)  # longer than anybody waits for one answer, in these tests
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{server.server_port}/api"
    return server


def test_a_server_that_is_slow_to_answer_is_not_away(
    login: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(prefect_config, "_SECONDS_TO_ANSWER", 0.2)
    with silent_at_first(2) as server:
        assert prepare_prefect(Home.at(tmp_path / "home")) is None
        server.shutdown()
    assert capsys.readouterr().err.count("is slow to answer; waiting.") == 1


def test_one_that_stays_silent_is_not_waited_for_without_end(
    login: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefect_config, "_SECONDS_TO_ANSWER", 0.2)
    monkeypatch.setattr(prefect_config, "_SECONDS_FOR_A_BUSY_SERVER", 0.3)
    with silent_at_first(100) as server:
        with pytest.raises(ServerAwayError, match=r"has not answered for 0\.3 s\. Nothing was run"):
            prepare_prefect(Home.at(tmp_path / "home"))
        server.shutdown()


def test_a_run_waits_for_a_server_that_goes_away(login: Path, tmp_path: Path) -> None:
    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{server.server_port}/api"
        assert prepare_prefect(Home.at(tmp_path / "home")) is None
        server.shutdown()
    # the tries that Prefect takes are 2, 4, 8, … seconds apart
    assert sum(2**n for n in range(1, int(os.environ["PREFECT_CLIENT_MAX_RETRIES"]) + 1)) >= 300
    assert worker_environment(Home.at(tmp_path / "home"))["PREFECT_CLIENT_MAX_RETRIES"] == "8"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("prefect.toml", "[api]"),
        (".env", "PREFECT_API_URL=theirs"),
        ("pyproject.toml", "[tool.prefect.api]"),
        ("login/.prefect/profiles.toml", "active = 'theirs'"),
    ],
)
def test_prefect_is_asked_where_there_is_a_file_that_it_reads(
    login: Path, tmp_path: Path, file: str, text: str
) -> None:
    assert not _has_settings_file()
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert _has_settings_file()
