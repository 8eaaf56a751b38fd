"""The report of what a build costs beside its computation."""

from measuring.apart import BARE, FUNCTIONS, GATES, PREFECT, UNCHANGED
from measuring.builds import THREADS
from measuring.processes import told_of_machine

BOUND = 0.5
SECONDS_OF_NOTHING = 5.0
TIMES_COMPUTATION = 1.5
SHOWN = 12
CPU = "processor_seconds"


def report(numbers):
    """The split as Markdown: seconds of waiting, and of processors, which a busy machine spares.

    Args:
        numbers: What `overhead.py` has measured.
    """
    return "\n".join(
        [
            *split(numbers),
            "",
            *told_of_nothing_new(numbers.get(UNCHANGED)),
            "",
            *parts_of(numbers[PREFECT]["parts"]),
            "",
            *pure_computation(numbers[FUNCTIONS], numbers[PREFECT]),
            "",
            f"{THREADS} threads. {told_of_machine(numbers['machine'])}",
        ]
    )


def split(numbers):
    bare, gated, whole = (numbers[mode]["seconds"] for mode in (BARE, GATES, PREFECT))
    cpu, cpu_gated, cpu_whole = (numbers[mode]["cpu"] for mode in (BARE, GATES, PREFECT))
    concat = (whole - bare) / bare
    rows = [
        ("bare: steps, their files, the database", bare, None, cpu),
        ("the gates and the rules across tables", gated - bare, bare, cpu_gated - cpu),
        ("Prefect, with artifacts and events", whole - gated, bare, cpu_whole - cpu_gated),
        ("Prefect and gates together", whole - bare, bare, cpu_whole - cpu),
    ]
    lines = ["| | seconds | of bare | processor seconds |", "|---|--:|--:|--:|"]
    for name, seconds, of, processor in rows:
        share = f"{seconds / of:.0%}" if of else ""
        lines.append(f"| {name} | {seconds:.1f} | {share} | {processor:.1f} |")
    for name, once in (
        ("importing Great Expectations, once per process", "importing"),
        ("starting the server, once", "starting"),
    ):
        lines.append(f"| apart: {name} | {numbers[once]:.1f} | | |")
    verdict = "holds" if concat <= BOUND else "IS BROKEN"
    return [*lines, "", f"The bound, at most {BOUND:.0%} together, {verdict}."]


def parts_of(parts):
    """What the records of the whole build's steps say, added up."""
    whole = {kind: sum(spent[kind] for spent in parts.values()) for kind in ("seconds", CPU)}
    lines = [
        "What the records of its steps say. Steps run beside one another, so their seconds add up"
        " to more than a person waits; what a gate's libraries compute on threads of their own is"
        " not in its processor seconds.",
        "",
        "| part of steps | seconds | of all | processor seconds |",
        "|---|--:|--:|--:|",
    ]
    return lines + [
        f"| {part} | {spent['seconds']:.1f} | {spent['seconds'] / whole['seconds']:.0%} |"
        f" {spent[CPU]:.1f} |"
        for part, spent in parts.items()
    ]


def pure_computation(functions, whole):
    """The bare functions beside the whole build; where most of the computation is."""
    times, cpu_times = (whole[of] / functions[of] for of in ("seconds", "cpu"))
    verdict = "holds" if times <= TIMES_COMPUTATION else "IS MISSED"
    steps = sorted(functions["steps"].items(), key=lambda named: -named[1]["cpu"])
    lines = [
        f"The bare functions of the {len(steps)} steps, on frames in memory and one after the other"
        f" in one process, take {functions['seconds']:.1f} s and {functions['cpu']:.1f} processor"
        f" seconds; the whole build takes {whole['seconds']:.1f} s ({times:.2f} times) and"
        f" {whole['cpu']:.1f} processor seconds ({cpu_times:.2f} times), and holds"
        f" {whole['peak_mb'] / 1000:.1f} GB at its peak, all processes added up. Pure computation"
        f" is {1 / cpu_times:.0%} of what processors do. The target, at most {TIMES_COMPUTATION}"
        f" times the sum in seconds, {verdict}.",
        "",
        "| function of step | seconds | processor seconds | of all |",
        "|---|--:|--:|--:|",
    ]
    lines += [
        f"| {name} | {step['seconds']:.1f} | {step['cpu']:.1f} |"
        f" {step['cpu'] / functions['cpu']:.0%} |"
        for name, step in steps[:SHOWN]
    ]
    rest = [step for _, step in steps[SHOWN:]]
    seconds, cpu = (sum(step[of] for step in rest) for of in ("seconds", "cpu"))
    return [
        *lines,
        f"| the other {len(rest)} | {seconds:.1f} | {cpu:.1f} | {cpu / functions['cpu']:.0%} |",
    ]


def told_of_nothing_new(again):
    """What a refresh takes that finds nothing new, as Markdown."""
    if again is None:
        return [
            "A refresh that finds nothing new was not measured: the newest snapshots are not those"
            " that a refresh would use (the pinned ones; the simulated world of this code)."
        ]
    verdict = "holds" if again["seconds"] <= SECONDS_OF_NOTHING else "IS BROKEN"
    return [
        f"A refresh that finds nothing new takes {again['seconds']:.1f} s after its imports, with"
        f" the server up; the bound, {SECONDS_OF_NOTHING:.0f} s, {verdict}. Its imports take"
        f" {again['importing']:.1f} s, the whole process {again['whole_process']:.1f} s;"
        f" {again['cpu']:.1f} processor seconds after the imports, those of the server among them."
    ]
