"""Published ideal points."""

import polars as pl
import pytest

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


@pytest.mark.mirror
def test_the_real_file(mirror):
    path = mirror / "dataverse.harvard.edu" / "api" / "access" / "datafile" / "13642025"
    staged = stage(read({"data": path.read_bytes()})).tables[STAGED]
    assert staged.height == 11_610
    assert round(staged.filter(ccode=2, year=1946)["ideal_point_published"].item(), 3) == 1.740
    most = dict(staged.group_by("year").agg(pl.col("n_votes_published").max()).rows())
    assert (most[2024], most[2025]) == (8, 158)  # the release splits the two years wrongly
