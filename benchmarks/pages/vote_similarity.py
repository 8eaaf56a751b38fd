"""The report of the benchmark of vote similarity."""

from contenders.votes import (
    REPEATS,
    SIMULATED_ROLL_CALLS,
    SIMULATED_SESSIONS,
    SIMULATED_STATES,
)

from pages.growth import charts

BUDGET_SECONDS, BUDGET_MB = 1.5, 600
MIN_RATIO = {"DuckDB self-join": 5, "pandas self-merge": 50}


def arithmetic(roll_calls, states):
    """The cost that products of matrices have, times that of the smallest world."""
    return roll_calls * states**2


def markdown(result):
    """The report, as the generated page has it."""
    runs, grown = result["contenders"], result["growth"]
    whole, ours = runs["all measures"], runs["matrix products"]
    lines = [
        f"All dyad-sessions of {result['sessions']} sessions, vote set `final_only`"
        f" ({result['profile']} data); best of {REPEATS} runs, pandas one run.",
        "",
        "| what | how | threads | rows | seconds | CPU s | peak MB | times ours |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
        f"| all nine measures, with counts and reasons | matrix products | {whole['threads']} |"
        f" {whole['rows']:,} | {whole['seconds']:.2f} | {whole['cpu_seconds']:.2f} |"
        f" {whole['peak_mb']:.0f} | |",
    ]
    for name, run in runs.items():
        if name == "all measures":
            continue
        ratio = run["seconds"] / ours["seconds"]
        lines.append(
            f"| agreement and joint count | {name} | {run['threads']} | {run['rows']:,} |"
            f" {run['seconds']:.2f} | {run['cpu_seconds']:.2f} | {run['peak_mb']:.0f} |"
            f" {ratio:.1f} |"
        )
    lines += ["", "| target | wanted | found | |", "|---|---:|---:|---|"]
    lines += [
        f"| {t['what']} | {t['wanted']} | {t['found']} | {'met' if t['met'] else 'missed'} |"
        for t in result["targets"]
    ]
    lines += [
        "",
        f"Growth, simulated: {SIMULATED_SESSIONS} sessions of {SIMULATED_ROLL_CALLS} roll calls and"
        f" {SIMULATED_STATES} states, times what the first columns say; all measures, from the"
        " table of votes on, one thread. Products of matrices cost roll calls × states²,"
        " closed forms states², reading the votes roll calls × states.",
        "",
        "| roll calls | states | votes | dyad-sessions | CPU s | times | arithmetic, times |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    base = grown[0]["cpu_seconds"]
    lines += [
        f"| {g['roll_calls']}× | {g['states']}× | {g['votes']:,} | {g['dyad_sessions']:,} |"
        f" {g['cpu_seconds']:.2f} | {g['cpu_seconds'] / base:.1f} |"
        f" {arithmetic(g['roll_calls'], g['states'])} |"
        for g in grown
    ]
    lines += ["", charts(grown, arithmetic)]
    machine = result["machine"]
    listed = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    lines += [
        "",
        f"{machine['cpus']} CPUs ({machine['processor']}), load {machine['load']:.1f} at the start."
        f" {listed}.",
    ]
    return "\n".join(lines)


def targets_of(runs, grown):
    whole, ours = runs["all measures"], runs["matrix products"]
    found = [
        (
            "seconds for all measures, one thread",
            f"≤ {BUDGET_SECONDS}",
            f"{whole['seconds']:.2f}",
            whole["seconds"] <= BUDGET_SECONDS,
        ),
        (
            "peak of memory, MB",
            f"≤ {BUDGET_MB}",
            f"{whole['peak_mb']:.0f}",
            whole["peak_mb"] <= BUDGET_MB,
        ),
    ]
    for name, least in MIN_RATIO.items():
        ratio = runs[name]["seconds"] / ours["seconds"]
        found.append((f"times as fast as the {name}", f"≥ {least}", f"{ratio:.1f}", ratio >= least))
    base = grown[0]["cpu_seconds"]
    for run in grown[3], grown[5]:
        expected = arithmetic(run["roll_calls"], run["states"])
        times = run["cpu_seconds"] / base
        what = f"growth with {run['roll_calls']}× the roll calls and {run['states']}× the states"
        found.append((what, f"≤ {expected}", f"{times:.1f}", times <= expected))
    return [dict(zip(("what", "wanted", "found", "met"), row, strict=True)) for row in found]
