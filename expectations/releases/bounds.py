"""The bounds of `bounds.yml`: how much of what a release may lose or change, and why so much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from expectations.releases.findings import KINDS, Finding, Kind
from expectations.releases.revisions import Tolerances


class BoundsError(ValueError):
    """`bounds.yml` is faulty; the message names the place."""


@dataclass(frozen=True)
class Bound:
    """How much of one kind of finding is tolerated.

    Attributes:
        warn: Share, 0 to 1, beyond which it is a warning.
        stop: Share beyond which the build stops; None where it never does.
        why: Why so much, and not less.
    """

    warn: float
    stop: float | None
    why: str


@dataclass(frozen=True)
class ReleaseBounds:
    """What is tolerated of a new release of a source.

    Attributes:
        bounds: For each kind of finding.
        tolerances: What counts as another value, and as another unit.
        series: Table to the columns that name a series, where its key does not say so.
        ignored: Columns that are not compared, each with the reason.
        growing: Columns whose values may rise, each with the reason.
    """

    bounds: Mapping[Kind, Bound]
    tolerances: Tolerances
    series: Mapping[str, tuple[str, ...]]
    ignored: Mapping[str, str]
    growing: Mapping[str, str]

    def judge(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The same findings, each with its severity and the reason of the bound."""
        return tuple(self._judged(finding) for finding in findings)

    def _judged(self, finding: Finding) -> Finding:
        bound = self.bounds[finding.kind]
        if bound.stop is not None and finding.share > bound.stop:
            return replace(finding, severity="critical", why=bound.why, bound=bound.stop)
        if finding.share > bound.warn:
            return replace(finding, severity="warning", why=bound.why, bound=bound.warn)
        return replace(finding, severity="info", why=bound.why, bound=None)


@cache
def release_bounds(slug: str) -> ReleaseBounds:
    """What is tolerated of a source: its own bounds where it has some, else those of all.

    Raises:
        BoundsError: The file is faulty.
    """
    text = (files("expectations") / "releases" / "bounds.yml").read_text("utf-8")
    return read_bounds(text, slug)


def read_bounds(text: str, slug: str) -> ReleaseBounds:
    """Reads the bounds of a source.

    Args:
        text: YAML as `bounds.yml` explains it.
        slug: The source.

    Raises:
        BoundsError: A kind is missing or unknown, or a bound has no reason or no sense.
    """
    declared = yaml.safe_load(text)
    common, own = declared["all"], (declared["sources"] or {}).get(slug, {})
    if unknown := set(own) - set(common):
        raise BoundsError(f"bounds.yml: {slug}: unknown entries {sorted(unknown)}")
    entries = {**common["bounds"], **own.get("bounds", {})}
    if set(entries) != set(KINDS):
        raise BoundsError(f"bounds.yml: {slug}: {sorted(set(entries) ^ set(KINDS))} in bounds")
    bounds = {kind: _bound(entries[kind], f"{slug}: {kind}") for kind in KINDS}
    revision, factor = (own.get(name, common[name]) for name in ("revision", "factor"))
    for name, entry in (("revision", revision), ("factor", factor)):
        if set(entry) != {"is", "why"} or not entry["is"] > 0:
            raise BoundsError(f"bounds.yml: {slug}: {name} has an `is` above 0 and a `why`")
    return ReleaseBounds(
        bounds=bounds,
        tolerances=Tolerances(revision=float(revision["is"]), factor=float(factor["is"])),
        series={table: tuple(names) for table, names in own.get("series", {}).items()},
        ignored={**common["ignored"], **own.get("ignored", {})},
        growing={**common["growing"], **own.get("growing", {})},
    )


def _bound(entry: Mapping[str, Any], where: str) -> Bound:
    if set(entry) != {"warn", "stop", "why"} or not str(entry["why"]).strip():
        raise BoundsError(f"bounds.yml: {where} has warn, stop and why")
    warn, stop = entry["warn"], entry["stop"]
    if not 0 <= warn <= 1 or (stop is not None and not warn <= stop <= 1):
        raise BoundsError(f"bounds.yml: {where}: 0 <= warn <= stop <= 1")
    return Bound(float(warn), None if stop is None else float(stop), str(entry["why"]).strip())
