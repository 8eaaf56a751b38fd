"""Plausible wrong content: each case is found by what is there to find it, and so is told.

`found_by` is a pattern of the rule, or of the finding against the last release. What only warns is
published and listed; everything else stops, and the published file stays.
"""

import re
from typing import Any

import pytest

from tests.integration.judgement import Judge
from tests.publisher.content import Content
from tests.publisher.contents import CONTENTS


@pytest.fixture(scope="module")
def judge(sample_home: Any) -> Judge:
    return Judge(sample_home)


AS_THE_VOTES_OF_ONE_STATE_TURNED_ROUND = (
    "un_votes: the votes of two states exchanged, names and all",
    "un_votes: the votes shifted by one state",
    "undl_votes: the codes of two members exchanged",
)
"""Found by the same rule between the sources, which needs all votes to be computed first."""
CASES = [
    pytest.param(
        case,
        id=str(case),
        marks=[pytest.mark.soak] if str(case) in AS_THE_VOTES_OF_ONE_STATE_TURNED_ROUND else [],
    )
    for case in CONTENTS
]


@pytest.mark.parametrize("case", CASES)
def test_wrong_content_is_found(case: Content, judge: Judge) -> None:
    good = judge.raw(case.slug)
    bad = case.change(good)
    assert any(not bad[table].equals(frame) for table, frame in good.items()), "nothing is changed"
    wanted = {"critical", "warning"} if case.is_told else {"critical"}
    found = set()
    for noticed in judge.layers(case.slug, bad):
        found |= noticed
        if any(re.search(case.found_by, name) and severity in wanted for name, severity in found):
            return
    pytest.fail(f"not by {case.found_by!r}, but by {sorted(found)}")


@pytest.mark.parametrize("slug", ["gdp", "un_ideal_points"])
def test_a_good_file_is_found_good(slug: str, judge: Judge) -> None:
    """As all of them are when the home is built; here it shows that the judge imagines nothing."""
    assert set().union(*judge.layers(slug, judge.raw(slug))) == set()
