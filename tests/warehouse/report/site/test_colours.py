"""The colours of charts and map differ for every kind of colour vision, in light and dark."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from warehouse.report.site.chart_specs import OKABE_ITO, VIRIDIS, chart_specs

# Machado, Oliveira and Fernandes (2009), severity 1: linear RGB as it is seen
KINDS = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
JUST_DIFFERENT = 2.3
"""ΔE of CIE 1976 that an eye just sees (Mahy, Van Eycken and Oosterlinck 1994)."""


def lab(colour: str, kind: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(KINDS[kind]) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.array(to_xyz) @ seen / np.array([0.9505, 1.0, 1.089])
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", KINDS)
def test_series_differ(kind: str) -> None:
    dark = ("#56B4E9", *OKABE_ITO[1:5], "#F0E442")  # charts.js puts these on black
    for palette in (OKABE_ITO, dark):
        apart = {
            (a, b): float(np.linalg.norm(lab(a, kind) - lab(b, kind)))
            for a, b in combinations(palette, 2)
        }
        assert min(apart.values()) > 4 * JUST_DIFFERENT, min(apart, key=lambda p: apart[p])


@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_of_the_map_grow_lighter(kind: str) -> None:
    steps = [lab(colour, kind) for colour in VIRIDIS]
    for darker, lighter in pairwise(steps):
        assert lighter[0] - darker[0] > 10, "grey tells them apart, too"


def test_series_differ_without_colour_too() -> None:
    layers = {name: spec["layer"] for name, spec in chart_specs().items()}
    for name in ("agreement", "ideal_point", "share", "network"):
        assert any("strokeDash" in layer["encoding"] for layer in layers[name])
    for name in ("ranking", "curve"):
        assert any("shape" in layer.get("encoding", {}) for layer in layers[name])
