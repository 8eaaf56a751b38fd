"""The report of how long a person waits."""

from measuring.processes import told_of_machine

ASKED = {
    "query": ("query", "SELECT count(*) FROM core.votes"),
    "tables": ("tables",),
    "status": ("status",),
    "country": ("country", "Poland"),
}
"""Commands that ask, by what the page calls them."""

NAMES = {
    "nothing new": "`refresh`, nothing new, no server",
    "nothing new, with a server": "`refresh`, nothing new, a server up",
    "assembling": "`refresh`, every step finished, only assembling left",
    "GDP changed": "`refresh`, one figure of GDP changed, to the published file",
    "simulated world": "`make run` once installed: the simulated world, from nothing",
    "without claims": "everything but the claims from nothing, into a partial file",
    "Ctrl-C": "Ctrl-C while steps are computed, to the prompt",
}


def report(numbers):
    """Each wait as a row of Markdown."""
    lines = [
        "| command | seconds | processor seconds | peak, GB | runs |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, measured in numbers["waits"].items():
        shown = NAMES.get(name) or f"`asymmetry {' '.join(ASKED[name])}`"
        cpu = f"{measured['cpu']:.1f}" if "cpu" in measured else ""
        peak = f"{measured['peak_mb'] / 1000:.1f}" if "peak_mb" in measured else ""
        lines.append(
            f"| {shown} | {measured['seconds']:.1f} | {cpu} | {peak} | {measured.get('runs', 1)} |"
        )
    return "\n".join(
        [
            *lines,
            "",
            "Whole processes, imports included; of several runs the median of each figure. Memory"
            " is of all processes of a command together.",
            "",
            told_of_machine(numbers["machine"]),
        ]
    )
