"""With which code a run has planned."""

from types import SimpleNamespace
from typing import Any

import pytest

from flows.home.run_record import RunRecord
from flows.tasks import noted_plan


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A plan that comes to the same whatever there is."""
    found = SimpleNamespace(parameters={}, build_id="b" * 64)
    monkeypatch.setattr(noted_plan, "plan_build", lambda *_: found)
    monkeypatch.setattr(noted_plan, "stamp_at_first", lambda: "first")
    return found


@pytest.mark.parametrize(("after", "noted"), [("first", "first"), ("another", None)])
def test_code_that_is_changed_while_a_plan_reads_it_is_not_noted(
    planned: Any, monkeypatch: pytest.MonkeyPatch, after: str, noted: str | None
) -> None:
    monkeypatch.setattr(noted_plan, "code_stamp", lambda: after)
    record = RunRecord("mirror")
    assert noted_plan.noted_plan({}, None, record) is planned
    assert record.details["code"] == noted
