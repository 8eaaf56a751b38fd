"""What a step is, and the one-line ways to write one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from warehouse.contracts import contracts
from warehouse.load import mart_sql, tables_read_by

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
    """

    name: str
    stage: Stage
    sentence: str
    outputs: tuple[str, ...]
    function: str | None = None
    source: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def wiring(self) -> str:
        """Which input goes to which argument of which function, as text to be hashed."""
        return repr((self.name, self.function, dict(self.tables), dict(self.references)))

    @property
    def module(self) -> str | None:
        """Dotted name of the module that the step's code is in."""
        return self.function.split(":")[0] if self.function else None

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
) -> Step:
    """A core table; `references` are lists whose names are the function's arguments."""
    return Step(
        name=f"core.{table}",
        stage="core",
        sentence=sentence,
        outputs=(f"core.{table}",),
        function=f"transforms.core.{function}",
        tables=tables,
        references={name: name for name in references},
    )


def metric_step(
    table: str,
    sentence: str,
    function: str,
    tables: Mapping[str, str],
    references: tuple[str, ...] = (),
    *,
    also: tuple[str, ...] = (),
) -> Step:
    """A metric; `references` are lists whose names are the function's arguments.

    `also` names tables that come out of the same computation.
    """
    return Step(
        name=f"metrics.{table}",
        stage="metrics",
        sentence=sentence,
        outputs=tuple(f"metrics.{name}" for name in (table, *also)),
        function=f"transforms.metrics.{function}",
        tables=tables,
        references={name: name for name in references},
    )
