"""Plausible wrong content: each case is found by what is there to find it, and so is told.

`found_by` is a pattern of the rule, or of the finding against the last release. What only warns is
published and listed; everything else stops, and the published file stays.
"""

import re
from typing import Any

import pytest

from tests.integration.judgement import Judge
from tests.publisher.contents import CONTENTS, Content


@pytest.fixture(scope="module")
def judge(sample_home: Any) -> Judge:
    return Judge(sample_home)


@pytest.mark.parametrize("case", CONTENTS, ids=str)
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
