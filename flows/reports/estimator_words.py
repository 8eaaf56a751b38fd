"""Estimators and specifications in words, for those who read a claim.

`metrics.claim_test` names an estimator by the codes of the table that it comes from; the contract
of that table says what each means. What no contract has is said here.
"""

import re
from collections.abc import Mapping
from functools import cache

from warehouse.contracts.read import contracts

_PRIMARY = re.compile(r" \(primary\)|; primary|\(primary; ")
_A_CODE = re.compile(r"\b[A-Za-z]\w*_\w+\b|\bLP\d\b")
_DEPTH = 3
WITHOUT_A_CODE = {
    "ally_supply": "mean agreement of allies beyond what their ideal points lead one to expect",
    "alliance_year": "an alliance in a year",
    "alliance_year_trend": "change per decade of the share of asymmetric alliances",
    "balance_mean": "mean over phases of the leader's promise minus the partners'",
    "balance_sign": "sign test of the leader's promise minus the partners'",
    "cold_war_minus_later": "the Cold War minus the years after it",
    "configuration_model": "against networks rewired with the same number of ties for each state",
    "mean_of_alliances": "mean over alliances",
    "non_inferiority": "one-sided: no worse by more than a margin fixed beforehand",
    "permuted_ranks": "slope on ranks of unpopularity, tested by permuting the ranks",
    "promised_share": "share of phases in which it is promised",
    "share_of_partners": "share of ally-years in which the ratio is reached",
    "sign_test": "median over alliances, with the interval of the sign test",
    "yearly_difference": "difference of two densities, year by year",
    "yearly_regions": "difference of two regions, year by year",
}
"""Estimators whose table has no column of codes for them."""


def estimator_in_words(estimator: str, source_table: str) -> str:
    """What an estimator is, without its code name.

    Args:
        estimator: As `metrics.claim_test` has it; codes with commas between.
        source_table: The table that it comes from.

    Returns:
        Words; the code itself where nobody says what it means.
    """
    codes = _codes_of(source_table)
    return "; ".join(_words_of(code, codes, _DEPTH) for code in estimator.split(", "))


def _words_of(code: str, codes: Mapping[str, str], depth: int) -> str:
    words = _PRIMARY.sub("", codes.get(code) or WITHOUT_A_CODE.get(code) or code)
    if not depth:
        return words

    def in_words(found: re.Match[str]) -> str:
        named = found[0]
        is_other = named in codes and named != code
        return f"({_words_of(named, codes, depth - 1)})" if is_other else named

    return _A_CODE.sub(in_words, words)


@cache
def _codes_of(table: str) -> Mapping[str, str]:
    """Every code of a table's columns; where two columns have it, the first counts."""
    contract = contracts().get(table)
    found: dict[str, str] = {}
    for column in contract.columns if contract else ():
        for code, words in (column.codes or {}).items():
            found.setdefault(str(code), words)
    return found
