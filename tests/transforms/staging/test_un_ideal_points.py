"""Published ideal points."""

from transforms.staging.un_ideal_points import STAGED, read, stage
from warehouse.contracts.read import contracts

COLUMNS = ("ccode", "iso3c", "Countryname", "year", "NVotesFP", "IdealPointFP")
QUANTILES = ("Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")
ROWS = (
    '2\t"USA"\t"United States"\t1946\t25\t1.5\t.9\t1.1\t1.4\t2.3\t2.5',
    '565\t"NAM"\t"Namibia"\t1990\t60\t-0.5\t-0.9\t-0.8\t-0.5\t-0.2\t-0.1',
)
FILE = "\n".join(["\t".join(COLUMNS + QUANTILES), *ROWS, ""]).encode()


def test_quantiles_have_names_that_sql_can_say():
    staged = stage(read({"data": FILE})).tables[STAGED]
    assert staged["ideal_point_published"].to_list() == [1.5, -0.5]
    assert staged["ideal_point_published_q05"].to_list() == [0.9, -0.9]
    assert staged["n_votes_published"].to_list() == [25, 60]
    assert staged["state_name"].to_list() == ["United States", "Namibia"]
    assert contracts()[STAGED].conform(staged).height == 2
