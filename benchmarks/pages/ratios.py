"""Ratios that say little of the machine, committed and now: what became slower is shown.

Seconds differ between machines and hours; ratios to a peer in the same minutes, processor seconds
a unit and exponents hardly do. A change to the worse of more than a tenth is marked, and fails
nothing: a person looks.
"""

from pages.growth import table
from pages.growth_of_builds import exponents

WORSE_BY = 0.10
MILLION = 1e6
MORE, LESS = "more is better", "less is better"


def _votes(name):
    """Times as fast as a peer, agreement and joint count."""
    key = "matrix products"
    return lambda d: d["contenders"][name]["seconds"] / d["contenders"][key]["seconds"]


def _iteration(d):
    fit = d["fits"]["final_only"]
    return fit["cpu_seconds"] / fit["iterations"] / fit["votes"] * MILLION


def _to_a_thousandth(d):
    fit = d["fits"]["all_recorded"]
    return fit["to_0.001"]["cpu_seconds"] / fit["votes"] * MILLION


def _all_measures(d):
    run = d["contenders"]["all measures"]
    return run["cpu_seconds"] / run["rows"] * MILLION


def _whole(d):
    return d["prefect"]["cpu"] / d["functions"]["cpu"]


def _build_exponent(d):
    return exponents(d["worlds"], lambda world: world["build"]["cpu"])[0]


def _asked(name):
    return lambda d: d["waits"][name]["cpu"]


RATIOS = (
    ("overhead", "whole build ÷ bare functions, processor seconds", LESS, _whole),
    (
        "overhead",
        "gates ÷ bare build, processor seconds",
        LESS,
        lambda d: d["gates"]["cpu"] / d["bare"]["cpu"],
    ),
    (
        "vote_similarity",
        "all measures, processor seconds a million dyad-sessions",
        LESS,
        _all_measures,
    ),
    ("vote_similarity", "votes: times as fast as DuckDB", MORE, _votes("DuckDB self-join")),
    ("vote_similarity", "votes: times as fast as Polars", MORE, _votes("Polars self-join")),
    ("vote_similarity", "votes: times as fast as pandas", MORE, _votes("pandas self-merge")),
    ("portfolio_similarity", "portfolios: times as fast as a loop", MORE, lambda d: d["ratio"]),
    (
        "portfolio_similarity",
        "portfolios: processor seconds a million rows",
        LESS,
        lambda d: d["cpu_seconds"] / d["rows"] * MILLION,
    ),
    (
        "ideal_points",
        "ideal points: processor seconds an iteration and million votes",
        LESS,
        _iteration,
    ),
    (
        "ideal_points",
        "ideal points to 1e-3: processor seconds a million votes",
        LESS,
        _to_a_thousandth,
    ),
    (
        "ideal_points",
        "ideal points: r with the published",
        MORE,
        lambda d: d["fits"]["all_recorded"]["pooled"],
    ),
    (
        "legitimation",
        "premium of all leaders, processor seconds",
        LESS,
        lambda d: d["rows"][-1]["cpu"],
    ),
    (
        "scaling",
        "two workers: times as fast as one",
        MORE,
        lambda d: d["runs"][0]["seconds"] / d["runs"][1]["seconds"],
    ),
    ("growth", "whole build: exponent in roll calls", LESS, _build_exponent),
    *(
        ("waits", f"`asymmetry {name}`, processor seconds", LESS, _asked(name))
        for name in ("query", "tables", "status", "country")
    ),
)


def compared(committed, now):
    """Each ratio that one of the two has, and what became of it.

    Args:
        committed: Benchmark to its numbers, as they were committed.
        now: The same, as they were just measured.

    Returns:
        Dicts with `what`, `committed`, `now`, `times` (above 1 is worse) and `is_worse`.
    """
    found = []
    for stem, what, better, of in RATIOS:
        before, after = value(committed.get(stem), of), value(now.get(stem), of)
        if before is None and after is None:
            continue
        times = None
        if before and after:
            times = after / before if better == LESS else before / after
        is_worse = times is not None and times > 1 + WORSE_BY
        found.append(
            {"what": what, "committed": before, "now": after, "times": times, "is_worse": is_worse}
        )
    return found


def value(numbers, of):
    """A ratio of some numbers; None where they do not have what it is made of."""
    try:
        return of(numbers)
    except (KeyError, TypeError, IndexError, StopIteration):
        return None


def markdown(rows):
    """The comparison as Markdown, what became worse named above it."""
    worse = [row["what"] for row in rows if row["is_worse"]]
    lead = (
        f"**Worse by more than {WORSE_BY:.0%}**: {'; '.join(worse)}."
        if worse
        else f"Nothing is worse by more than {WORSE_BY:.0%}."
    )

    def shown(number):
        return "" if number is None else f"{number:.3g}"

    cells = [
        [
            row["what"],
            shown(row["committed"]),
            shown(row["now"]),
            "" if row["times"] is None else f"{row['times']:.2f}",
            "**worse**" if row["is_worse"] else "",
        ]
        for row in rows
    ]
    return f"{lead}\n\n{table(['ratio', 'committed', 'now', 'times as bad', ''], cells)}"
