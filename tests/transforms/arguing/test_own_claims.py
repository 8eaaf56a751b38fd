"""A file of claims of one's own: what it cannot set, and what is refused."""

from copy import deepcopy
from typing import Any

import polars as pl
import pytest

from transforms.arguing.errors import ArgumentError
from transforms.arguing.own_claims import (
    judged,
    own_edition,
    refuse_unknown_cells,
    tables_read,
    warnings_of,
)

CLAIM: dict[str, Any] = {
    "origin": "derived",
    "statement": "The more, the more.",
    "reading": "slope",
    "limits": "Few.",
    "expected": "positive",
    "estimand": "slope",
    "equivalence": 0.03,
    "tests": [
        {
            "role": "primary",
            "measure": "legitimation_dose",
            "estimator": "within",
            "each": {"vote_class": "unpopular", "session_window": "all"},
            "specification": "{vote_class}, {session_window}",
        }
    ],
    "falsifiers": [{"says": "it falls", "test": "within: unpopular, all", "below": 0}],
}
RULE = {"tested": "1/2", "agree": "2/3", "some": "1/3", "alpha": 0.05}
EDITION = {"edition": 2, "leader": 2, "rule": RULE, "labels": {}, "claims": {"C2b": CLAIM}}
ROWS = pl.DataFrame(
    {
        "vote_class": ["unpopular", "popular"],
        "session_window": ["all", "46_on"],
        "estimate": [0.1, 0.0],
        "ci_low": [0.06, -0.1],
        "ci_high": [0.14, 0.1],
        "p_value": [0.001, 0.9],
        "n_states": [30, 30],
        "session_from": [1, 46],
        "session_to": [75, 75],
        "seed": [1, 1],
        "null_reason": [None, None],
    }
)
TABLES = {"legitimation_dose": ROWS}


def own(**changes: Any) -> dict[str, Any]:
    """A file with one claim, changed."""
    return {"claims": {"C2b": {**deepcopy(CLAIM), **changes}}}


def with_cell(**cell: Any) -> dict[str, Any]:
    file = own(falsifiers=[])
    file["claims"]["C2b"]["tests"][0]["each"] |= cell
    return own_edition(file, EDITION)


def test_a_file_is_judged_by_the_rule_of_the_edition() -> None:
    read = own_edition(own(), EDITION)
    assert tables_read(read) == ("metrics.legitimation_dose",)
    refuse_unknown_cells(read, TABLES, {})
    verdicts, tests = judged(read, TABLES)
    assert tests["estimate"].to_list() == [0.1]
    assert verdicts["verdict"].to_list() == ["mixed"], "no scores, so no joint test"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], "has no claims"),
        ({"claims": {}}, "has no claims"),
        ({"claims": {"C2b": {}}}, "a claim lacks"),
        ({"claims": {"C2b": 3}}, "a claim lacks"),
        ({**own(), "edition": 3}, "edition is 3"),
        ({**own(), "rule": {**RULE, "alpha": 0.9}}, "cannot be set"),
        ({**own(), "leader": 365}, "cannot be set"),
        ({**own(), "claim": {}}, r"claim is not known \(did you mean claims\?\)"),
        (own(tests=[{"role": "primary", "measure": "legitimation_dos"}]), "legitimation_dose"),
        (own(tests=["x"]), "measure None is not known"),
        (own(tests=3), "a claim lacks"),
        (own(origin="mine"), "origin 'mine' is none of"),
        (own(falsifiers=[{"says": "x", "test": "within: y", "below": 0}]), "is not listed"),
    ],
)
def test_what_a_file_may_not_say(raw: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        own_edition(raw, EDITION)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ({"session_window": "46-on"}, r"not known \(did you mean 46_on\?\).*46_on, all"),
        ({"window": "all"}, "no parameter window"),
        ({"session_window": "46_on"}, "in no such combination"),
    ],
)
def test_a_misspelt_window_is_refused_and_never_not_testable(
    cell: dict[str, str], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        refuse_unknown_cells(with_cell(**cell), TABLES, {})


def test_rows_of_another_leader_do_not_pass_for_the_papers() -> None:
    rows = {"legitimation_dose": ROWS.with_columns(pl.lit(365).alias("ccode_hegemon"))}
    with pytest.raises(ArgumentError, match="about the United States"):
        refuse_unknown_cells(with_cell(ccode_hegemon=365), rows, {})


def test_a_cell_that_an_edition_lists_may_lack_data() -> None:
    cell = {"vote_class": "unpopular", "session_window": "46_on"}
    refuse_unknown_cells(with_cell(session_window="46_on"), TABLES, {"legitimation_dose": [cell]})


def test_what_a_file_leaves_out_is_said() -> None:
    read = own_edition(own(equivalence=0.5, falsifiers=[], in_holm=False), EDITION)
    said = " ".join(warnings_of(read, EDITION))
    for words in (
        "nothing could falsify it",
        "out of Holm's correction",
        "its bound is 0.5, that of the edition 0.03",
        "1 of the edition's falsifiers are left out",
    ):
        assert words in said
    assert warnings_of(own_edition(own(), EDITION), EDITION) == []
