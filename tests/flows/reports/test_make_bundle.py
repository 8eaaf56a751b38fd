from flows.engine.plan import plan_steps
from flows.reports.make_bundle import stale_steps
from warehouse.report.shipped_bundle import Bundle, shipped_bundle


def test_the_bundle_is_of_the_code_as_it_is() -> None:
    """Figures that the code would not make any more must not be shipped."""
    bundle = shipped_bundle()
    assert bundle, "make bundle"
    stale = stale_steps(bundle)
    assert not stale, (
        f"{', '.join(stale)} changed after the bundle was made: refresh a home from the publishers'"
        " files (`asymmetry refresh`), then `make bundle`, with $ASYMMETRY_HOME naming that home"
    )


def test_a_step_of_other_bytes_or_other_code_is_stale() -> None:
    bundle = shipped_bundle()
    assert bundle
    now = planned_now(bundle)
    same = Bundle("ab", "2026", "1", bundle.snapshots, now, {})
    assert stale_steps(same) == []
    changed = {**bundle.snapshots, "un_votes": "0" * 64}
    stale = stale_steps(Bundle("ab", "2026", "1", changed, {**now, "core.states": "1"}, {}))
    assert {"metrics.hegemon_support", "core.states"} <= set(stale)
    assert "core.coalition_support" not in stale


def planned_now(bundle: Bundle) -> dict[str, str]:
    """Hashes of the bundle's steps by the code as it is, of the same bytes."""
    planned = plan_steps(bundle.snapshots)
    return {name: planned[name].step_hash for name in bundle.steps}
