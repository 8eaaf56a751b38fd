"""What a step is, and the one-line ways to write one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from warehouse.contracts.read import contracts
from warehouse.load.marts import mart_sql, tables_read_by

Stage = Literal["staged", "core", "marts", "metrics"]


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: Unique; the folder of its finished results.
        stage: The stage whose gate its tables pass.
        sentence: The table and what happens to it (`core.gdp: assign COW codes`), as the UI
            shows it.
        outputs: Full names of the tables that it makes.
        function: `module:function` for all but marts.
        source: Slug that a staging step reads.
        tables: Argument name to full table name.
        references: Argument name to the name of a hand-coded list.
        coverage: Sources and lists whose declared coverage the function gets, by name, in its
            argument `coverage`.
        chunk_function: `module:function` that computes one chunk: it takes `chunk` (from 0) and
            `n_chunks` in addition to the tables and lists, and returns a frame. The step's
            function receives all frames in order as `chunks`. The number of chunks must not
            change the step's tables.
        n_chunks: Number of chunks; no part of the step's hash.
        user_files: Argument name to the name of a user file (`covariates`); the argument is an
            empty frame where no file is provided. Not for chunk functions.
    """

    name: str
    stage: Stage
    sentence: str
    outputs: tuple[str, ...]
    function: str | None = None
    source: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    coverage: tuple[str, ...] = ()
    chunk_function: str | None = None
    n_chunks: int = 1
    user_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def wiring(self) -> str:
        """Which input goes to which argument of which function, as text to be hashed."""
        parts = (self.name, self.function, dict(self.tables), dict(self.references))
        optional = (self.chunk_function, dict(self.user_files), self.coverage)
        more = [part for part in optional if part]
        return repr((*parts, *more))

    @property
    def modules(self) -> tuple[str, ...]:
        """Dotted names of the modules that the step's code is in."""
        functions = [f for f in (self.function, self.chunk_function) if f]
        return tuple(dict.fromkeys(f.split(":")[0] for f in functions))

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Full names of the tables that the step reads."""
        if self.stage == "marts":
            return tuple(tables_read_by(mart_sql(self.outputs[0])))
        return tuple(dict.fromkeys(self.tables.values()))


def staged_step(slug: str, action: str) -> Step:
    """A staging step: the tables are those with a contract `staging.stg_<slug>__*`."""
    made = tuple(t for t in contracts() if t.startswith(f"staging.stg_{slug}__"))
    return Step(
        name=f"stage_{slug}",
        stage="staged",
        sentence=f"staging.{slug}: {action}",
        outputs=made,
        function=f"transforms.staging.{slug}:stage",
        source=slug,
    )


def mart_step(name: str, action: str) -> Step:
    """A mart: `warehouse/sql/marts/<name>.sql`."""
    table = f"marts.{name}"
    return Step(table, "marts", f"{table}: {action}", (table,))


def core_step(
    table: str,
    action: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
    *,
    coverage: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    user_files: tuple[str, ...] = (),
) -> Step:
    """A core table; `references` and `user_files` are named as the function's arguments.

    `coverage` names the sources and lists whose declared coverage decides rows;
    `also` names further tables of the same computation.
    """
    return Step(
        name=f"core.{table}",
        stage="core",
        sentence=f"core.{table}: {action}",
        outputs=tuple(f"core.{name}" for name in (table, *also)),
        function=f"transforms.core.{function}",
        tables=tables,
        references={name: name for name in references},
        coverage=coverage,
        user_files={name: name for name in user_files},
    )


def metric_step(
    table: str,
    action: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
    *,
    coverage: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    chunk_function: str | None = None,
    n_chunks: int = 1,
) -> Step:
    """A metric; `references` are lists (or files of rules, `claims.yml`), named as its arguments.

    `coverage` names the sources and lists whose declared coverage decides rows; `also` names
    further tables of the same computation. `function` and `chunk_function` are given below
    `transforms.metrics`.
    """
    return Step(
        name=f"metrics.{table}",
        stage="metrics",
        sentence=f"metrics.{table}: {action}",
        outputs=tuple(f"metrics.{name}" for name in (table, *also)),
        function=f"transforms.metrics.{function}",
        tables=tables,
        references={name.removesuffix(".yml"): name for name in references},
        coverage=coverage,
        chunk_function=f"transforms.metrics.{chunk_function}" if chunk_function else None,
        n_chunks=n_chunks,
    )
