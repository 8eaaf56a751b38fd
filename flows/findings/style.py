"""How the charts look: one size, few colours, titles that say what is shown and from where."""

from typing import Any

SIMULATED = "SIMULATED WORLD: says nothing about ours"
COLOURS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "yellow": "#E69F00",
    "grey": "#7F7F7F",
}
WIDTH, HEIGHT = 640, 300
FONT = "Helvetica, Arial, sans-serif"


def finished(chart: Any, title: str, subtitle: str, source: str, simulated: bool) -> dict[str, Any]:
    """A chart with its texts, as a Vega-Lite specification.

    Args:
        chart: An Altair chart.
        title: What is shown.
        subtitle: Units, period, what the intervals are.
        source: Where it comes from.
        simulated: Whether the figures are of a made-up world, which the chart then says.
    """
    lines = [SIMULATED] if simulated else []
    lines += [*_wrap(subtitle), *_wrap(f"Source: {source}.")]
    specification: dict[str, Any] = (
        chart.properties(
            title={
                "text": title,
                "subtitle": lines,
                "anchor": "start",
                "frame": "group",
                "offset": 14,
                "fontSize": 16,
                "subtitleFontSize": 11.5,
                "subtitleColor": "#B00020" if simulated else "#555555",
                "subtitlePadding": 5,
            }
        )
        .configure(font=FONT, padding=12, background="white")
        .configure_view(strokeWidth=0)
        .configure_axis(
            gridColor="#E6E6E6",
            domainColor="#999999",
            tickColor="#999999",
            labelFontSize=11.5,
            titleFontSize=12,
            titleFontWeight="normal",
            titleColor="#333333",
            labelColor="#333333",
            labelLimit=320,
        )
        .configure_legend(
            orient="top", title=None, labelFontSize=12, symbolStrokeWidth=3, labelLimit=300
        )
        .configure_header(labelFontSize=12, title=None)
        .to_dict()
    )
    return specification


def _wrap(text: str, width: int = 116) -> list[str]:
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
