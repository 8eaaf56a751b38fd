"""Shapes of countries: cut where the map ends, and shown for the state that was there."""

import re
from itertools import pairwise

import duckdb
import pytest

from warehouse.db import Connection
from warehouse.report.site.world_map import (
    HEIGHT,
    WIDTH,
    Shape,
    cut_at_date_line,
    project,
    world_shapes,
)


@pytest.fixture(scope="module")
def shapes() -> list[Shape]:
    return world_shapes(small_world())


def small_world() -> Connection:
    """Four states of today and one of yesterday; one of them has no shape of its own."""
    connection = duckdb.connect()
    connection.execute(
        """
        CREATE SCHEMA core;
        CREATE TABLE core.states AS FROM (VALUES
            (365, 'RUS', true), (369, 'UKR', true), (366, 'EST', true), (316, 'CZE', true),
            (315, 'CSK', false), (347, 'XKX', true), (338, 'MLT', true)
        ) t(ccode, iso3, is_in_system_at_source_end);
        CREATE TABLE core.capitals AS FROM (VALUES
            (338, 'Malta', 14.5, 35.9, DATE '1964-09-21', DATE '2024-12-31'),
            (315, 'Czechoslovakia', 14.4, 50.1, DATE '1918-10-28', DATE '1992-12-31')
        ) t(ccode, state_name, longitude, latitude, valid_from, valid_to)
        """
    )
    return connection


def test_a_shape_shows_the_state_that_was_there(shapes: list[Shape]) -> None:
    by_name = {shape.name: shape for shape in shapes}
    assert [by_name["Estonia"].state_in(year) for year in (1980, 1991, 1992)] == [365, 365, 366]
    assert [by_name["Czechia"].state_in(year) for year in (1992, 1993)] == [315, 316]
    assert by_name["Slovakia"].state_in(1980) == 315
    assert by_name["Slovakia"].state_in(2000) is None, "it is in no list of this world"
    assert by_name["Kosovo"].state_in(2020) == 347, "though ISO 3166 has no number for it"
    assert "Antarctica" not in by_name


def test_a_state_without_a_shape_is_a_dot_at_its_capital(shapes: list[Shape]) -> None:
    dots = [shape for shape in shapes if shape.spot]
    assert [(dot.name, dot.spot, dot.state_in(2000)) for dot in dots] == [
        ("Malta", project(14.5, 35.9), 338)
    ]


def test_no_shape_runs_across_the_map_or_out_of_it(shapes: list[Shape]) -> None:
    for shape in shapes:
        for part in re.findall(r"M([^Z]+)Z", shape.path):
            points = [tuple(map(float, point.split(","))) for point in part.split("L")]
            assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points), shape.name
            assert max(abs(a[0] - b[0]) for a, b in pairwise(points)) < WIDTH / 4, shape.name


def test_a_ring_is_cut_at_the_date_line() -> None:
    ring = [(170.0, 60.0), (-170.0, 60.0), (-170.0, 70.0), (170.0, 70.0), (170.0, 60.0)]
    west, east = sorted(cut_at_date_line(ring), key=min)
    assert sorted(set(west)) == [(-180.0, 60.0), (-180.0, 70.0), (-170.0, 60.0), (-170.0, 70.0)]
    assert sorted(set(east)) == [(170.0, 60.0), (170.0, 70.0), (180.0, 60.0), (180.0, 70.0)]
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    assert cut_at_date_line(square) == [square]


def test_the_middle_of_the_world_is_the_middle_of_the_map() -> None:
    assert project(0, 0)[0] == WIDTH / 2
    (left, y), (right, same) = project(-180, 30), project(180, 30)
    assert (left + right, y) == (WIDTH, same)
