"""What `retention` can be asked to keep is what there is."""

import pytest
from prefect.exceptions import ParameterTypeError

from flows.home.builds import BUILDS_KEPT
from flows.retention import retention


@pytest.mark.parametrize("n", [0, BUILDS_KEPT + 1])
def test_it_keeps_no_more_builds_than_a_publication_leaves(n: int) -> None:
    with pytest.raises(ParameterTypeError, match="keep_builds"):
        retention.validate_parameters({"keep_builds": n})


def test_it_keeps_all_of_them_unless_told_otherwise() -> None:
    assert retention.validate_parameters({})["keep_builds"] == BUILDS_KEPT
