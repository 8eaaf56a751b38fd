"""`asymmetry doctor --live`: each publisher is asked once, and what it answers is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.verbs import app
from flows.sources import load_declarations
from tests.publisher.current_releases import world_bank_table, world_bank_zip
from tests.publisher.server import Publishers, challenge, firewall, serving_publishers

DECLARED = load_declarations()


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving_publishers() as found:
        yield found


def examined(publishers: Publishers, home: Path) -> tuple[int, str]:
    done = CliRunner().invoke(
        app,
        ["doctor", "--live", "--mirror", publishers.base],
        env={"ASYMMETRY_HOME": str(home), "COLUMNS": "200"},
    )
    return done.exit_code, done.output


def test_it_says_what_is_newer_and_what_cannot_be_asked(publishers, tmp_path) -> None:
    table = world_bank_zip(table=world_bank_table(updated="2027-01-02"))
    publishers.publish(DECLARED["gdp"].discover.listings[0], table)
    publishers.publish(DECLARED["undl_votes"].discover.listings[0], firewall())
    code, said = examined(publishers, tmp_path)
    assert code == 0
    assert "newer" in said
    assert "2027-01-02" in said
    assert "refused" in said
    assert "nothing_to_discover" in said
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_publisher_that_has_changed_is_wrong(publishers, tmp_path) -> None:
    publishers.publish(DECLARED["sipri_milex"].discover.listings[0], challenge())
    code, said = examined(publishers, tmp_path)
    assert code == 1
    assert "unreachable" in said


def test_a_mirror_alone_is_wrong_usage(tmp_path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--mirror", str(tmp_path)])
    assert done.exit_code == 2
