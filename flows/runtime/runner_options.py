"""Which workers a run asks for. Free of Prefect, so that the command can check it at once."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from flows.home.addresses import SCHEDULER, refuse_password

RunnerName = Literal["threads", "processes", "dask"]


class RunnerError(RuntimeError):
    """The workers that were asked for cannot be used."""


class ClusterLostError(RuntimeError):
    """The cluster went away while tasks were on it."""


@dataclass(frozen=True)
class RunnerOptions:
    """Where steps and chunks run. No number depends on it.

    Attributes:
        runner: `threads`, `processes` of this machine, or an existing `dask` cluster.
        dask_address: Address of its scheduler, `tcp://HOST:PORT`.
        n_processes: How many processes; None: one per core.
    """

    runner: RunnerName = "threads"
    dask_address: str | None = None
    n_processes: int | None = None

    def check(self) -> "RunnerOptions":
        """Says at once what could not work, without connecting to anything.

        Returns:
            Itself.

        Raises:
            RunnerError: Dask without an address or not installed, an address without Dask, or
                one with a password in it.
        """
        if self.runner != "dask":
            if self.dask_address:
                raise RunnerError(f"--dask-address goes with --runner dask, not {self.runner}.")
            return self
        if not self.dask_address:
            raise RunnerError("--runner dask needs --dask-address tcp://HOST:PORT of a scheduler.")
        try:
            refuse_password(self.dask_address, SCHEDULER)
        except ValueError as error:
            raise RunnerError(f"--dask-address: {error}.") from None
        if find_spec("prefect_dask") is None:
            raise RunnerError(
                "--runner dask needs the extra: pip install 'alliance-asymmetry[dask]', here and"
                " on every worker."
            )
        return self


THREADS = RunnerOptions()
