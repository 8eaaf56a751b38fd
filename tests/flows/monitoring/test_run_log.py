"""The log of a run is JSON, and ends with the run."""

import json
import logging
from pathlib import Path

from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.monitoring.run_log import logged_run


def test_the_log_of_a_run_is_json_and_ends_with_it(tmp_path: Path) -> None:
    record = RunRecord("sample")
    logger = logging.getLogger("test_run_log")
    logger.setLevel(logging.INFO)
    with logged_run(record, Home.at(tmp_path), [logger.name]):
        logger.info("with %d ids", 2, extra={"flow_run_id": "f", "task_run_name": "ünï"})
        record.details["build_id"] = "b"
        try:
            raise ValueError("why")
        except ValueError:
            logger.exception("it broke")
    logger.info("afterwards")
    (path,) = (tmp_path / "runs").iterdir()
    first, second = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (first["message"], first["build"], first["task"]) == ("with 2 ids", None, "ünï")
    assert (second["level"], second["build"]) == ("ERROR", "b")
    assert second["error"] == "ValueError('why')"
