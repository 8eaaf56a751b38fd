"""The charts of the site as Vega-Lite specifications, without their data and their colours.

The page puts in the rows under the name `rows`, and the colours of its light or dark mode. Series
differ by dash and by colour; the colours are those of Okabe and Ito (2008), which differ for
all kinds of colour vision.
"""

from typing import Any

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4])
VIRIDIS = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")
HEIGHT = 320


def chart_specs() -> dict[str, dict[str, Any]]:
    """Name to specification."""
    return {
        "agreement": lines("agreement with the leader", ".0%", domain=(0, 1)),
        "ideal_point": lines("ideal point", ".1f"),
        "share": lines("share of the alliance", ".0%", domain=(0, 1)),
        "network": lines("share", ".2f", domain=(0, 1)),
        "ranking": ranking(),
        "curve": curve(),
    }


def lines(y_title: str, y_format: str, domain: tuple[float, float] | None = None) -> dict[str, Any]:
    """Lines over years with a band from `low` to `high`, interrupted where years are missing.

    Args:
        y_title: Title of the vertical axis.
        y_format: Format of its labels.
        domain: Its ends; None: those of the rows.
    """
    import altair as alt

    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=False)
    colour = alt.Color("series:N", title=None, sort=None, scale=alt.Scale(range=list(OKABE_ITO)))
    base = alt.Chart(alt.NamedData(name="rows")).encode(
        x=alt.X(
            "year:Q",
            title=None,
            scale=alt.Scale(nice=False, zero=False),
            axis=alt.Axis(format="d", grid=False, tickCount=8, tickMinStep=1),
        ),
        color=colour,
        detail="run:N",
    )
    y = alt.Y("estimate:Q", title=y_title, scale=scale, axis=alt.Axis(format=y_format))
    tooltip = [
        alt.Tooltip("series:N", title="series"),
        alt.Tooltip("year:Q", title="year"),
        alt.Tooltip("estimate:Q", title="value", format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
        alt.Tooltip("n:Q", title="n"),
    ]
    dash = alt.StrokeDash(
        "series:N", title=None, sort=None, scale=alt.Scale(range=[list(d) for d in DASHES])
    )
    band = base.mark_area(opacity=0.16).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
    line = base.mark_line(strokeWidth=2.2).encode(y=y, strokeDash=dash)
    point = base.mark_point(size=22, filled=True, opacity=0.9).encode(y=y, tooltip=tooltip)
    return _sized(alt.layer(band, line, point))


def ranking() -> dict[str, Any]:
    """States one below another, in the order of the rows, each with its interval.

    The page sets the height, which depends on how many there are.
    """
    import altair as alt

    colour = alt.Color("series:N", title=None, sort=None, scale=alt.Scale(range=list(OKABE_ITO)))
    base = alt.Chart(alt.NamedData(name="rows")).encode(
        y=alt.Y(
            "label:N", title=None, sort=None, axis=alt.Axis(grid=False, ticks=False, domain=False)
        ),
        color=colour,
        tooltip=[
            alt.Tooltip("label:N", title="state"),
            alt.Tooltip("estimate:Q", title="value", format=".3f"),
            alt.Tooltip("low:Q", title="from", format=".3f"),
            alt.Tooltip("high:Q", title="to", format=".3f"),
            alt.Tooltip("n:Q", title="n"),
        ],
    )
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format=".0%", orient="top")
    rule = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title="agreement with the leader", scale=scale, axis=axis), x2="high:Q"
    )
    dot = base.mark_point(filled=True, size=46, opacity=1).encode(
        x=alt.X("estimate:Q", scale=scale, axis=axis),
        shape=alt.Shape("series:N", title=None, sort=None),
    )
    return _sized(alt.layer(rule, dot))


def curve() -> dict[str, Any]:
    """Every variant of a claim in the order of its estimate, with its interval."""
    import altair as alt

    colour = alt.Color("series:N", title=None, sort=None, scale=alt.Scale(range=list(OKABE_ITO)))
    base = alt.Chart(alt.NamedData(name="rows")).encode(
        x=alt.X("place:Q", scale=alt.Scale(nice=False, padding=14), axis=None),
        color=colour,
        tooltip=[
            alt.Tooltip("label:N", title="variant"),
            alt.Tooltip("estimate:Q", title="estimate", format="+.3f"),
            alt.Tooltip("low:Q", title="from", format="+.3f"),
            alt.Tooltip("high:Q", title="to", format="+.3f"),
            alt.Tooltip("n:Q", title="n"),
        ],
    )
    zero = alt.Chart(alt.InlineData([{"zero": 0}])).mark_rule(strokeDash=[4, 3]).encode(y="zero:Q")
    rule = base.mark_rule(strokeWidth=1.6).encode(
        y=alt.Y("low:Q", title="estimate, 95 % interval"), y2="high:Q"
    )
    dot = base.mark_point(filled=True, size=40, opacity=1).encode(
        y="estimate:Q", shape=alt.Shape("series:N", title=None, sort=None)
    )
    return _sized(alt.layer(zero, rule, dot))


def _sized(chart: Any) -> dict[str, Any]:
    specification: dict[str, Any] = (
        chart.properties(width="container", height=HEIGHT)
        .configure_view(strokeWidth=0)
        .configure_legend(orient="top", labelLimit=260, symbolOpacity=1)
        .configure_axis(labelLimit=190)
        .to_dict()
    )
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification
