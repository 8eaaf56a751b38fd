"""What importing the package does: a worker's run ends without a screenful of teardown."""

import os
import subprocess
import sys

import pytest

TEARDOWN = """
import os, sys
import flows

class Late:
    def __del__(self):
        os.write(2, b"said when everything is torn down")

sys.modules["late"] = Late()
print("said in time", file=sys.stderr)
sys.exit(3)
"""


@pytest.mark.parametrize("by_worker", [True, False])
def test_a_run_of_a_worker_ends_without_the_words_of_teardown(by_worker: bool) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PREFECT__FLOW_RUN_ID"}
    if by_worker:
        environment["PREFECT__FLOW_RUN_ID"] = "3a1f0d6e-0000-0000-0000-000000000000"
    done = subprocess.run(
        [sys.executable, "-c", TEARDOWN],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert "said in time" in done.stderr
    assert ("torn down" in done.stderr) is not by_worker
