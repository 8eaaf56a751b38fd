"""The table of targets: what is wanted, what was before, what is now.

Before is `benchmarks/results/before.json`: the same figures of an earlier state of the code, and
what it says about how they were measured. Now is what the benchmarks have measured last.
"""

from dataclasses import dataclass
from typing import Any

from pages.growth import table
from pages.growth_of_builds import too_fast
from pages.ratios import value

BUSY = 2
AT_MOST, AT_LEAST = "≤", "≥"


@dataclass(frozen=True)
class Target:
    """One figure that is wanted.

    Attributes:
        what: In words.
        limit: The number.
        unit: Behind the number.
        stem: The benchmark that measures it.
        of: Its numbers to the figure.
        cpu: Its numbers to the processor seconds of the same, which a busy machine hardly changes.
        sign: Whether the limit is the most or the least.
    """

    what: str
    limit: float
    unit: str
    stem: str
    of: Any
    cpu: Any = None
    sign: str = AT_MOST

    def is_met(self, figure):
        return figure <= self.limit if self.sign == AT_MOST else figure >= self.limit


def _wait(name, of="seconds", divide=1):
    return lambda d: d["waits"][name][of] / divide


def _waiting(what, limit, name):
    """A wait: seconds, and processor seconds beside them."""
    return Target(what, limit, " s", "waits", _wait(name), _wait(name, "cpu"))


def _fit(of):
    return lambda d: d["fits"]["all_recorded"]["to_0.001"][of]


def _whole(of):
    return lambda d: d["prefect"][of] / d["functions"][of]


COLD = "everything but the claims, from nothing"
TARGETS = (
    Target("whole build ÷ bare functions", 1.5, "", "overhead", _whole("seconds"), _whole("cpu")),
    _waiting(COLD, 60, "without claims"),
    Target(f"{COLD}: processors", 95, " s", "waits", _wait("without claims", "cpu")),
    Target(f"{COLD}: peak", 3, " GB", "waits", _wait("without claims", "peak_mb", 1000)),
    _waiting("`make run`, once installed", 30, "simulated world"),
    _waiting("refresh, nothing new, a server up", 3, "nothing new, with a server"),
    _waiting("refresh, nothing new, no server", 6, "nothing new"),
    _waiting("GDP changed, to the published file", 15, "GDP changed"),
    _waiting("only assembling left", 8, "assembling"),
    *(
        _waiting(f"`asymmetry {name}`", 0.4, name)
        for name in ("query", "tables", "status", "country")
    ),
    Target("Ctrl-C to the prompt", 2, " s", "waits", _wait("Ctrl-C")),
    Target(
        "ideal points, cold to 1e-3",
        5,
        " s",
        "ideal_points",
        _fit("seconds"),
        _fit("cpu_seconds"),
    ),
    Target(
        "ideal points, r with the published",
        0.970,
        "",
        "ideal_points",
        lambda d: d["fits"]["all_recorded"]["pooled"],
        sign=AT_LEAST,
    ),
    Target(
        "steps that grow faster than their arithmetic",
        0,
        "",
        "growth",
        lambda d: len(too_fast(d["worlds"])),
    ),
)


def markdown(now):
    """The table, with what before was.

    Args:
        now: Benchmark to its numbers; `before` among them.
    """
    earlier = now.get("before", {})
    rows = [_row(target, earlier, now) for target in TARGETS]
    header = ["target", "wanted", "before", "now", "met", "processors before", "processors now"]
    return f"{table(header, rows)}\n\n{earlier.get('note', '')}".strip()


def too_busy(numbers):
    """The machine's load, where others had most of it: seconds of waiting then say little."""
    load, cores = max(numbers["machine"]["load"]), numbers["machine"]["cores"]
    return load if load > BUSY * cores else 0


def _row(target, earlier, now):
    def shown(numbers, of):
        figure = value(numbers.get(target.stem), of) if of else None
        return "" if figure is None else f"{figure:.3g}{target.unit}"

    figure, load = value(now.get(target.stem), target.of), value(now.get(target.stem), too_busy)
    met = "not measured" if figure is None else "yes" if target.is_met(figure) else "**no**"
    if load and met == "**no**" and target.unit == " s":
        met = f"not at a load of {load:.0f}"
    return [
        target.what,
        f"{target.sign} {target.limit:g}{target.unit}",
        shown(earlier, target.of),
        shown(now, target.of),
        met,
        shown(earlier, target.cpu),
        shown(now, target.cpu),
    ]
