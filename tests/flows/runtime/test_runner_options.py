"""Which runners there are, and what cannot work is said at once."""

import pytest

from flows.runtime.runner_options import RunnerError, RunnerOptions


@pytest.mark.parametrize(
    ("workers", "words"),
    [
        (RunnerOptions("dask"), "needs --dask-address"),
        (RunnerOptions("threads", "tcp://127.0.0.1:1"), "goes with --runner dask"),
        (RunnerOptions("processes", "tcp://127.0.0.1:1"), "goes with --runner dask"),
    ],
)
def test_what_cannot_work_is_said_at_once(workers: RunnerOptions, words: str) -> None:
    with pytest.raises(RunnerError, match=words):
        workers.check()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.runtime.runner_options.find_spec", lambda name: None)
    with pytest.raises(RunnerError, match=r"alliance-asymmetry\[dask\]"):
        RunnerOptions("dask", "tcp://127.0.0.1:1").check()
