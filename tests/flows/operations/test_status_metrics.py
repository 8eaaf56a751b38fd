"""The status as Prometheus reads it: parsed by its own parser."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from flows.home.past_run import PastRun
from flows.home.paths import Home
from flows.operations.server_status import ServerStatus
from flows.operations.status import status_of
from flows.operations.status_metrics import metrics_text
from tests.processes import asymmetry
from warehouse.catalog.builds import PublishedBuild

AT = "2026-11-29T03:30:00+00:00"
RUN = PastRun(
    run="20261129T033000000000",
    flow="verify",
    result="failed",
    profile="live",
    started_at=AT,
    ended_at=AT,
    seconds=1.5,
    build_id=None,
    code=None,
    snapshots={},
    parameters={},
    n_run=0,
    n_kept=0,
    parts={},
    error="damaged",
    source_errors={},
    flow_run_id=None,
    verified={"build_id": None, "n_snapshots": 3, "n_steps": 4},
)


def parsed(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    assert text.endswith("\n")
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation
        assert family.name not in found  # a family stands in one place
        found[family.name] = [(s.labels, s.value) for s in family.samples]
    return found


def test_every_line_is_read_and_labels_are_what_they_were(tmp_path: Path) -> None:
    build = PublishedBuild(
        build_id="ab" * 32,
        profile="live",
        is_simulated=False,
        built_at=datetime(2026, 11, 29, 3, 30),
        code_version='0.2 "odd"\\name\nof two lines',
        library_versions={},
        parameters={},
        snapshots={},
        step_hashes={},
    )
    status = replace(status_of(Home.at(tmp_path)), published=build, last_verified=RUN)
    server = ServerStatus("http://127.0.0.1:4200/api", None, "asymmetry", "READY", 2, 1)
    later = replace(RUN, result="verified", seconds=2.0)
    cancelled = replace(RUN, result="cancelled", seconds=9.0)
    refresh = replace(RUN, flow="refresh")
    found = parsed(metrics_text(status, server, [RUN, refresh, later, cancelled]))
    ((labels, value),) = found["asymmetry_published"]
    assert value == 1
    assert labels["code"] == build.code_version
    assert labels["build"] == "abababababab"
    at = datetime.fromisoformat(AT).timestamp()
    assert found["asymmetry_built_timestamp_seconds"] == [({}, at)]
    assert found["asymmetry_verified_timestamp_seconds"] == [({}, at)]
    assert found["asymmetry_last_run_success"] == [
        ({"flow": "refresh"}, 0),
        ({"flow": "verify"}, 1),
    ]
    assert found["asymmetry_last_run_duration_seconds"][1] == ({"flow": "verify"}, 2.0)
    assert found["asymmetry_workers_online"] == [({"pool": "asymmetry"}, 2)]
    assert found["asymmetry_late_runs"] == [({"pool": "asymmetry"}, 1)]
    assert found["asymmetry_server_up"] == [({}, 1)]
    assert len(found["asymmetry_source_stale"]) == len(status.sources)


def test_what_is_not_known_has_no_sample(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "status", "--format", "prometheus")
    assert done.returncode == 1
    found = parsed(done.stdout)
    assert found["asymmetry_attention"] == [({}, 1)]
    assert [value for _, value in found["asymmetry_published"]] == [0]
    assert "asymmetry_verified_timestamp_seconds" not in found
    assert "asymmetry_server_up" not in found
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_away_is_down_and_nothing_else_is_said_of_it(tmp_path: Path) -> None:
    server = ServerStatus("http://127.0.0.1:4200/api", "does not answer")
    found = parsed(metrics_text(status_of(Home.at(tmp_path)), server, []))
    assert found["asymmetry_server_up"] == [({}, 0)]
    assert "asymmetry_workers_online" not in found
