"""Tables and charts of how a cost grows, in Markdown."""

ALONG = {"roll_calls": "roll calls", "states": "states"}


def table(header, rows):
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def charts(points, arithmetic):
    """How the times grow with roll calls and with states, beside the arithmetic, in Mermaid.

    Args:
        points: Dicts with `roll_calls` and `states` (times the smallest) and `cpu_seconds`.
        arithmetic: From roll calls and states, times the smallest, to the cost expected.
    """
    return "\n\n".join(_chart(points, along, arithmetic) for along in ALONG)


def _chart(points, along, arithmetic):
    (other,) = set(ALONG) - {along}
    chosen = [p for p in points if p[other] == 1]
    times = [f"{p['cpu_seconds'] / chosen[0]['cpu_seconds']:.2f}" for p in chosen]
    expected = [f"{arithmetic(p['roll_calls'], p['states']):g}" for p in chosen]
    return "\n".join(
        [
            "```mermaid",
            "xychart-beta",
            f'    title "Growth with {ALONG[along]}: bars the time, line the arithmetic"',
            f"    x-axis [{', '.join(str(p[along]) for p in chosen)}]",
            '    y-axis "times"',
            f"    bar [{', '.join(times)}]",
            f"    line [{', '.join(expected)}]",
            "```",
        ]
    )
