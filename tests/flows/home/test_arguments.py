"""Arguments are kept under the hash of what was asked, and a changed one is not listed."""

from pathlib import Path

from flows.home.arguments import Argument, argument_name, keep_argument, kept_arguments
from flows.home.paths import Home

ASKED = {"tier": "core", "years": "all"}


def argument(claim: str = "C2a", made_at: str = "2026-01-01T00:00:00+00:00") -> Argument:
    return Argument(
        name=argument_name(claim, ASKED, None, "b" * 64),
        claim=claim,
        statement="Allies pay.",
        estimand="share",
        expected="positive",
        bound=0.03,
        asked=ASKED,
        changed={},
        allies=None,
        build_id="b" * 64,
        is_simulated=True,
        made_at=made_at,
        seconds=0.1,
        answer={"estimate": 0.1},
        counts={"rows": 1},
        published={"estimate": 0.2},
        place=None,
        notes=["a note"],
    )


def test_the_name_depends_on_claim_choices_list_and_build() -> None:
    names = {
        argument_name("C2a", ASKED, None, "b"),
        argument_name("C2b", ASKED, None, "b"),
        argument_name("C2a", {**ASKED, "tier": "atop"}, None, "b"),
        argument_name("C2a", ASKED, [[20, "1949-01-01", None]], "b"),
        argument_name("C2a", ASKED, None, "c"),
    }
    assert len(names) == 5
    assert argument_name("C2a", dict(reversed(ASKED.items())), None, "b") in names


def test_what_is_kept_is_read_back_and_asked_again_replaces_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    later = argument(made_at="2026-01-02T00:00:00+00:00")
    assert keep_argument(argument(), home)
    assert keep_argument(later, home)
    assert kept_arguments(home) == ([later], [])
    assert [path.suffix for path in home.arguments.iterdir()] == [".json"]


def test_a_changed_question_is_noticed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    keep_argument(argument(), home)
    (path,) = home.arguments.iterdir()
    path.write_text(path.read_text("utf-8").replace('"core"', '"atop"'), "utf-8")
    assert kept_arguments(home) == ([], [path.name])
    keep_argument(argument(), home)
    path.write_text(path.read_text("utf-8").replace("0.1", "0.9"), "utf-8")
    assert kept_arguments(home) == ([], [path.name]), "an answer was changed"
    path.write_text("{", "utf-8")
    assert kept_arguments(home) == ([], [path.name])


def test_a_home_that_cannot_be_written_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "arguments").write_text("no folder")
    assert not keep_argument(argument(), Home(tmp_path))
    assert kept_arguments(Home(tmp_path / "none")) == ([], [])
