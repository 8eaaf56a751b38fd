"""What moves the hash of a contract or of rules, and what does not."""

from dataclasses import replace
from typing import Any

import pytest

from expectations.registry import all_suites
from expectations.suite import Suite
from flows.engine.fingerprint import hash_of_contract, hash_of_expectations, hash_of_rules
from warehouse.contracts.read import contracts


def test_reasons_of_rules_move_no_hash() -> None:
    for suite in all_suites():
        expectations = [replace(e, why="another reason") for e in suite.expectations]
        rules = [replace(r, why="another reason") for r in suite.rules]
        assert hash_of_expectations(expectations, suite.key) == hashes(suite)[0]
        assert hash_of_rules(rules) == hashes(suite)[1]


def hashes(suite: Suite) -> tuple[str, str]:
    return hash_of_expectations(suite.expectations, suite.key), hash_of_rules(suite.rules)


@pytest.mark.parametrize(
    "change",
    [{"type": "int64"}, {"null_when": "never"}, {"minimum": -1.0}, {"codes": {"x": "a code"}}],
)
def test_a_contract_counts_by_what_it_allows(change: dict[str, Any]) -> None:
    contract = contracts()["core.gdp"]
    first, *others = [c for c in contract.columns if c.null_when is None and not c.codes]
    other = replace(contract, columns=(replace(first, **change), *others))
    same = replace(contract, columns=(first, *others))
    assert hash_of_contract(other) != hash_of_contract(same)
    assert hash_of_contract(replace(same, columns=(*others, first))) != hash_of_contract(same)
