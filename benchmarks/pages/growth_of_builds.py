"""The report of how builds grow: a table of worlds, one of steps, a chart, and ten times more."""

from math import log

import polars as pl
from measuring.processes import told_of_machine

from pages.arithmetic import arithmetic_of
from pages.growth import table

LEAST_SECONDS = 0.3
"""Steps that need less in the largest world are told together: clocks say little of them."""
TOLERANCE = 0.25
"""By so much an exponent may exceed its arithmetic before it is said to grow faster."""
HISTORY = 10
SHOWN = 5


def report(numbers):
    """Everything as Markdown.

    Args:
        numbers: What `growth.py` has measured.
    """
    return "\n\n".join(
        [
            f"Simulated worlds of {numbers['base']} times the usual roll calls and more. A build"
            " has gates and no Prefect; memory is of all its processes together. Where no build"
            " is told, the functions ran one after the other without those of claims.",
            worlds(numbers["worlds"]),
            "Exponents of each step's bare function, in processor seconds, beside its arithmetic."
            " A fixed cost beside what grows makes an exponent smaller.",
            steps(numbers["worlds"]),
            ten_times(numbers),
            told_of_machine(numbers["machine"]),
        ]
    )


def worlds(built):
    header = ["roll calls", "votes a roll call", "votes", "dyad-sessions", "seconds"]
    header += ["processor seconds", "peak, GB", "file, MB", "steps, MB", "of functions"]
    rows = [
        [
            f"{w['roll_calls']:,}",
            f"{voters(w):.0f}",
            f"{w['votes']:,}",
            f"{w['dyad_sessions']:,}",
            *whole(w),
            f"{w['functions']['cpu']:.0f}",
        ]
        for w in built
    ]
    return table(header, rows)


def whole(world):
    """Cells of a whole build: seconds, processor seconds, memory, file, finished steps."""
    if "build" not in world:
        return ["", "", f"{world['functions']['peak_mb'] / 1000:.1f} (one process)", "", ""]
    build = world["build"]
    return [
        f"{build['seconds']:.0f}",
        f"{build['cpu']:.0f}",
        f"{build['peak_mb'] / 1000:.1f}",
        f"{world['file_mb']:.0f}",
        f"{world['steps_mb']:.0f}",
    ]


def voters(world):
    return world["votes"] / world["roll_calls"]


def first_and_largest(built):
    """The first world, the one with most roll calls, and the one with most states."""
    most = max(built, key=lambda w: w["times_roll_calls"])
    return built[0], most, max(built, key=lambda w: w["times_states"])


def exponents(built, of):
    """How a cost grows with roll calls and with states.

    Args:
        built: The worlds.
        of: World to the cost.
    """
    first, most, wide = first_and_largest(built)
    in_calls = log(of(most) / of(first)) / log(most["roll_calls"] / first["roll_calls"])
    return in_calls, log(of(wide) / of(first)) / log(voters(wide) / voters(first))


def of_step(name):
    return lambda world: max(world["functions"]["steps"][name]["cpu"], 1e-3)


def measured_steps(built):
    """Steps whose clocks say something, the dearest of the largest world first."""
    _, most, wide = first_and_largest(built)
    costs = {n: max(of_step(n)(most), of_step(n)(wide)) for n in most["functions"]["steps"]}
    return [n for n in sorted(costs, key=lambda n: -costs[n]) if costs[n] >= LEAST_SECONDS]


def too_fast(built):
    """Steps that grow faster than their arithmetic, by more than clocks err."""
    found = []
    for name in measured_steps(built):
        expected = arithmetic_of(name)
        measured = exponents(built, of_step(name))
        if any(m > e + TOLERANCE for m, e in zip(measured, expected[:2], strict=True)):
            found.append(name)
    return found


def steps(built):
    first, most, wide = first_and_largest(built)
    header = ["step", "s", f"s, {most['times_roll_calls']}× roll calls", "exponent", "arithmetic"]
    header += [
        f"s, {wide['times_states']}× states",
        "exponent",
        "arithmetic",
        "what it goes through",
    ]
    rows, faster = [], too_fast(built)
    for name in measured_steps(built):
        of = of_step(name)
        (in_calls, in_states), (calls, states, why) = exponents(built, of), arithmetic_of(name)
        mark = " **faster**" if name in faster else ""
        rows.append(
            [
                f"`{name}`{mark}",
                f"{of(first):.2f}",
                f"{of(most):.2f}",
                f"{in_calls:.2f}",
                calls,
                f"{of(wide):.2f}",
                f"{in_states:.2f}",
                states,
                why,
            ]
        )
    verdict = (
        f"Faster than its arithmetic by more than {TOLERANCE}: {', '.join(faster)}."
        if faster
        else f"No step grows faster than its arithmetic (by more than {TOLERANCE})."
    )
    rest = len(first["functions"]["steps"]) - len(rows)
    return (
        f"{table(header, rows)}\n\nThe other {rest} steps need less than {LEAST_SECONDS} s in every"
        f" world. {verdict}"
    )


def ten_times(numbers):
    """What a history of ten times as many roll calls would need, by the exponents found."""
    built, real = numbers["worlds"], numbers["real"]
    first, most, _ = first_and_largest(built)
    calls = HISTORY * real["roll_calls"] / first["roll_calls"]
    states = voters(real) / voters(first)
    seconds = 0.0
    for name in first["functions"]["steps"]:
        of, in_calls, in_states = of_step(name), 0.0, 0.0
        if name in measured_steps(built):
            in_calls, in_states = (max(0.0, e) for e in exponents(built, of))
        seconds += of(first) * calls**in_calls * states**in_states
    votes = HISTORY * real["votes"]
    said = (
        f"Ten times today's history, {HISTORY * real['roll_calls']:,} roll calls and"
        f" {votes:,} votes of as many states a session as now: by these exponents the functions"
        f" need {seconds:,.0f} processor seconds"
    )

    def at(key):
        """Along a line through the first world and the one with most roll calls."""
        a, b = (key(w) for w in (first, most))
        return b + (b - a) / (most["votes"] - first["votes"]) * (votes - most["votes"])

    if "build" not in first:
        memory = at(lambda w: w["functions"]["peak_mb"]) / 1000
        return f"{said}; along a line through these worlds one process holds {memory:.0f} GB."
    beside = most["build"]["cpu"] / most["functions"]["cpu"]
    memory, size = at(lambda w: w["build"]["peak_mb"]) / 1000, at(lambda w: w["file_mb"])
    return (
        f"{said} and the whole build about {beside * seconds:,.0f}; along a line through these"
        f" worlds it holds {memory:.0f} GB at its peak and the file has {size:,.0f} MB."
    )


def drawn(numbers):
    """The chart: how the dearest steps and all together grow with roll calls, as SVG."""
    import altair as alt

    from warehouse.report.charts import COLOURS, HEIGHT, WIDTH, finished, svg_of

    built = [w for w in numbers["worlds"] if w["times_states"] == 1]
    names = measured_steps(numbers["worlds"])[:SHOWN]
    costs = {"all functions": lambda w: w["functions"]["cpu"]} | {n: of_step(n) for n in names}
    rows = [
        {"series": name, "times": w["times_roll_calls"], "cost": of(w) / of(built[0])}
        for name, of in costs.items()
        for w in built
    ]
    last = built[-1]["times_roll_calls"]
    line = [{"series": "as the votes", "times": t, "cost": float(t)} for t in (1, last)]
    scale = alt.Scale(domain=list(costs), range=list(COLOURS.values())[: len(costs)])
    x = alt.X("times:Q", title="times the roll calls", scale=alt.Scale(type="log", base=2))
    y = alt.Y("cost:Q", title="times the processor seconds", scale=alt.Scale(type="log", base=2))
    lines = (
        alt.Chart(pl.DataFrame(rows))
        .mark_line(point=True)
        .encode(x=x, y=y, color=alt.Color("series:N", scale=scale, sort=list(costs), title=None))
    )
    reference = (
        alt.Chart(pl.DataFrame(line)).mark_line(strokeDash=[4, 4], color="black").encode(x=x, y=y)
    )
    chart = alt.layer(reference, lines).properties(width=WIDTH, height=HEIGHT)
    subtitle = "All functions, and the dearest; the dashed line grows as the votes do."
    source = "benchmarks/growth.py, simulated worlds"
    return svg_of(finished(chart, "Growth with roll calls", subtitle, source, simulated=False))
