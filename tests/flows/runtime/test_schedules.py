"""Which schedules of the server are somebody's own, and which are only of an earlier version."""

from dataclasses import asdict
from typing import Any

from flows.runtime.schedules import in_words, theirs, with_unfinished

DECLARED = {"verify": {"nightly": {"slug": "nightly", "cron": "30 3 * * *", "timezone": "UTC"}}}


def on_server(*schedules: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": "1", "name": "verify", "schedules": [*schedules]}]


def cron(slug: str | None, text: str, **parts: Any) -> dict[str, Any]:
    when = {"cron": text, "timezone": "UTC", "day_or": True}
    return {"slug": slug, "schedule": when, "active": True, "parameters": {}} | parts


def test_what_was_sent_is_replaced_without_a_word() -> None:
    assert theirs(on_server(cron("nightly", "30 3 * * *")), DECLARED, DECLARED) == ([], [])


def test_what_somebody_added_changed_or_paused_is_kept() -> None:
    for schedule, why in (
        (cron("mine", "0 1 * * *"), "added"),
        (cron(None, "0 1 * * *"), "added"),
        (cron("nightly", "0 1 * * *"), "changed"),
        (cron("nightly", "30 3 * * *", active=False), "changed"),
        (cron("nightly", "30 3 * * *", parameters={"a": 1}), "changed"),
    ):
        (kept,), lines = theirs(on_server(schedule), DECLARED, DECLARED)
        assert (kept.why, kept.body["slug"], lines) == (why, schedule["slug"], [])
        assert kept.body["schedule"] == schedule["schedule"]
        assert kept.body["active"] is schedule["active"]


def test_what_prefect_yaml_has_otherwise_now_is_replaced_and_said() -> None:
    sent = {"verify": {"nightly": {"cron": "0 2 * * *", "timezone": "UTC"}, "old": {"cron": "1"}}}
    there = on_server(cron("nightly", "0 2 * * *"), cron("old", "0 0 1 1 *"))
    kept, lines = theirs(there, DECLARED, sent)
    assert kept == []
    assert lines == [
        "verify: nightly was 0 2 * * *, UTC on the server, and is 30 3 * * *, UTC now",
        "verify: removed old (0 0 1 1 *, UTC), which prefect.yaml no longer has",
    ]


def test_before_anything_was_noted_what_differs_is_said() -> None:
    """Deployments of before `deployed.json`: a change of theirs cannot be told from an old one."""
    there = on_server(cron("nightly", "0 1 * * *", active=False))
    kept, (line,) = theirs(there, DECLARED, {})
    assert kept == []
    assert line == (
        "verify: nightly was 0 1 * * *, UTC, paused on the server, and is 30 3 * * *, UTC now"
    )


def test_what_an_unfinished_sending_has_replaced_is_not_taken_for_somebodys_own() -> None:
    before = {"verify": {"nightly": {"cron": "0 2 * * *", "timezone": "UTC"}}}
    assert theirs(on_server(cron("nightly", "30 3 * * *")), DECLARED, before) == ([], [])


def test_what_an_unfinished_sending_has_removed_is_put_back_once() -> None:
    (mine, unnamed, changed), _ = theirs(
        on_server(cron("mine", "0 1 * * *"), cron(None, "0 4 * * *"), cron("nightly", "0 5 * * *")),
        DECLARED,
        DECLARED,
    )
    noted = [asdict(mine), asdict(unnamed), asdict(changed)]
    assert with_unfinished([], noted) == [mine, unnamed, changed]
    assert with_unfinished([mine, unnamed, changed], noted) == [mine, unnamed, changed]
    (since, another), _ = theirs(
        on_server(cron("mine", "0 6 * * *"), cron(None, "0 7 * * *")), DECLARED, DECLARED
    )
    assert with_unfinished([since, another], noted) == [since, another, unnamed, changed]


def test_an_interval_is_said_in_seconds() -> None:
    assert in_words({"interval": 3600.0, "anchor_date": "2026-01-01"}) == "every 3,600 s, UTC"
