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
        sentence: What it does, as the UI shows it.
        outputs: Full names of the tables that it makes.
        function: `module:function` for all but marts.
        source: Slug that a staging step reads.
        tables: Argument name to full table name.
        references: Argument name to the name of a hand-coded list.
        chunk_function: `module:function` that computes one chunk: it takes `chunk` (from 0) and
            `n_chunks` besides the tables and lists, and returns a frame. The step's function
            gets all of them in order as `chunks`. How many chunks there are must not change the
            step's tables.
        n_chunks: Into how many chunks the work is cut; no part of the step's hash.
        user_files: Argument name to the name of what a person may hand over (`covariates`);
            an empty frame where nobody did. Not for chunk functions.
    """

    name: str
    stage: Stage
    sentence: str
    outputs: tuple[str, ...]
    function: str | None = None
    source: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    chunk_function: str | None = None
    n_chunks: int = 1
    user_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def wiring(self) -> str:
        """Which input goes to which argument of which function, as text to be hashed."""
        parts = (self.name, self.function, dict(self.tables), dict(self.references))
        more = [part for part in (self.chunk_function, dict(self.user_files)) if part]
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


def staged_step(slug: str, sentence: str) -> Step:
    """A staging step: the tables are those with a contract `staging.stg_<slug>__*`."""
    made = tuple(t for t in contracts() if t.startswith(f"staging.stg_{slug}__"))
    return Step(
        name=f"stage_{slug}",
        stage="staged",
        sentence=sentence,
        outputs=made,
        function=f"transforms.staging.{slug}:stage",
        source=slug,
    )


def mart_step(name: str, sentence: str) -> Step:
    """A mart: `warehouse/sql/marts/<name>.sql`."""
    return Step(f"marts.{name}", "marts", sentence, (f"marts.{name}",))


def core_step(
    table: str,
    sentence: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
    *,
    user_files: tuple[str, ...] = (),
) -> Step:
    """A core table; `references` and `handed_over` are named as the function's arguments."""
    return Step(
        name=f"core.{table}",
        stage="core",
        sentence=sentence,
        outputs=(f"core.{table}",),
        function=f"transforms.core.{function}",
        tables=tables,
        references={name: name for name in references},
        user_files={name: name for name in user_files},
    )


def metric_step(
    table: str,
    sentence: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
    *,
    also: tuple[str, ...] = (),
    chunk_function: str | None = None,
    n_chunks: int = 1,
) -> Step:
    """A metric; `references` are lists (or files of rules, `claims.yml`), named as its arguments.

    `also` names tables that come out of the same computation. `chunk_function` is written as
    `function` is, below `transforms.metrics`.
    """
    return Step(
        name=f"metrics.{table}",
        stage="metrics",
        sentence=sentence,
        outputs=tuple(f"metrics.{name}" for name in (table, *also)),
        function=f"transforms.metrics.{function}",
        tables=tables,
        references={name.removesuffix(".yml"): name for name in references},
        chunk_function=f"transforms.metrics.{chunk_function}" if chunk_function else None,
        n_chunks=n_chunks,
    )
