from datetime import date

import pytest

from transforms.staging import cow_states


def test_days_are_made_of_their_parts(state_list):
    raw = cow_states.read({"data": state_list("FRN,220,France,1944,8,25,2024,12,31")})
    table = cow_states.stage(raw).tables[cow_states.STAGED]
    assert table.rows() == [(220, "FRN", "France", date(1944, 8, 25), date(2024, 12, 31), "2024")]


def test_a_day_that_does_not_exist_is_named(state_list):
    raw = cow_states.read({"data": state_list("FRN,220,France,1944,2,30,2024,12,31")})
    with pytest.raises(ValueError, match="row 1, column valid_from: '1944-02-30'"):
        cow_states.stage(raw)
