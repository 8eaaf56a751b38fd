"""Charts that `country`, `leader` and `alliance` draw, in each format."""

import re

import pytest

from tests.processes import asymmetry


@pytest.mark.parametrize(
    ("verb", "name", "words"),
    [
        ("country", "Poland", ("Poland and the United States", "core allies of the United States")),
        ("country", "South Africa", ("1975–93 no vote cast", "1951, 1955")),
        ("country", "USA", ("and the Soviet Union and Russia",)),
        ("leader", "France", ("Who sides with France", "allies by ATOP of France")),
        ("alliance", "Warsaw Pact", ("Warsaw Pact: how its members side",)),
    ],
)
def test_a_chart_says_what_it_shows_and_of_which_build(tmp_path, verb, name, words) -> None:
    target = tmp_path / "chart.svg"
    done = asymmetry(tmp_path / "home", verb, name, "--chart", str(target))
    assert done.returncode == 0, done.stderr
    svg = target.read_text("utf-8")
    text = " ".join(re.findall(r">([^<>]+)<", svg))
    for part in (*words, "Bundle of real build", "agreement with"):
        assert part in text, part
    assert 'href="http' not in svg


def test_png_and_html_need_nothing_else(tmp_path) -> None:
    home = tmp_path / "home"
    for ending in ("png", "html"):
        target = tmp_path / f"poland.{ending}"
        assert asymmetry(home, "country", "PL", "--chart", str(target)).returncode == 0
    png = (tmp_path / "poland.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[i : i + 4]) for i in (16, 20))
    assert width > 1200
    assert height > 800
    page = (tmp_path / "poland.html").read_text("utf-8")
    assert '<script src="http' not in page
    assert "Poland" in page


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("country", "Poland", "--chart", "poland.pdf"), 2, "use one of .svg, .png, .html"),
        (("country", "Kosovo", "--chart", "kosovo.svg"), 1, "cast no votes with"),
        (("leader", "Poland"), 2, "is none of the leaders"),
        (("alliance", "Japan"), 2, "can be: japan_1951, japan_1960"),
        (("alliance", "Hanseatic League"), 2, "There are NATO, Rio treaty"),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path, monkeypatch, arguments, code, says) -> None:
    monkeypatch.chdir(tmp_path)
    done = asymmetry(tmp_path / "home", *arguments)
    assert done.returncode == code
    assert says in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("leader", "russia"), ("allies by core treaties", "North Korea", "Claims")),
        (("leader", "UK"), ("allies by ATOP", "Most with it")),
        (("alliance", "nato"), ("1999 Czech Republic, Hungary, Poland", "times the second")),
        (("alliance", "3285"), ("1955–1968 Albania", "led by the Soviet Union and Russia")),
        (("alliance", "japan_1960"), ("1960 Japan",)),
    ],
)
def test_a_leader_and_an_alliance_fit_a_screen(tmp_path, arguments, parts) -> None:
    done = asymmetry(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 100
    assert "Bundle of real build" in lines[-1]
    for part in parts:
        assert part in " ".join(done.stdout.split()), part
