"""What derives cells again shares nothing with what made them, not even through something else."""

import subprocess
import sys
from pathlib import Path

from flows.rederivation.registry import DERIVABLE
from tests.import_graph import module_graph, reachable
from tests.processes import ROOT
from warehouse.contracts.read import contracts

MODULES = sorted(
    f"flows.rederivation.{path.stem}" for path in (ROOT / "flows/rederivation").glob("[!_]*.py")
)
FORBIDDEN = ("transforms", "expectations", "warehouse", "polars", "numpy", "pandas", "duckdb")


def test_its_modules_reach_no_other_room() -> None:
    graph = module_graph("flows", "expectations", "transforms", "warehouse")
    reached = reachable(graph, *MODULES)
    assert {name for name in reached if not name.startswith("flows.rederivation")} == set()


def test_importing_all_of_it_imports_none_of_the_pipeline() -> None:
    code = (
        f"import importlib, sys\nfor name in {MODULES!r}: importlib.import_module(name)\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert not set(FORBIDDEN) & set(done.stdout.split())


def test_what_is_derived_has_a_contract_and_enough_tables() -> None:
    tables = [one.table for one in DERIVABLE]
    assert len(set(tables)) == len(tables) >= 8
    assert set(tables) <= set(contracts())
    assert {table.partition(".")[0] for table in tables} >= {"core", "metrics"}


def test_lists_are_read_where_they_lie() -> None:
    from flows.rederivation.states import LISTS, listed

    assert Path(LISTS) == ROOT / "transforms" / "reference"
    assert {row["ccode"] for row in listed("un_members")} > {"2", "710"}
