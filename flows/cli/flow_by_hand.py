"""What surrounds a flow that a verb runs: its server, how far it is, what it warns of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flows.cli.errors import hide_expected_tracebacks
from flows.cli.progress import shown_progress, shown_warnings
from flows.home.paths import Home
from flows.runtime.ephemeral_server import EphemeralServer
from flows.runtime.full_disk import end_on_full_disk
from flows.runtime.interrupts import begin_resource_tracker
from flows.runtime.prefect_config import prepare_prefect


@dataclass
class FlowByHand:
    """A flow that is about to be run.

    Attributes:
        server: The temporary server that is coming up; None where another is used, or it is up.
        verbose: Whether Prefect's log is printed.
    """

    server: EphemeralServer | None
    verbose: bool

    def wait(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Waits for the server.

        Args:
            meanwhile: Called while it comes up, if one does.
        """
        if self.server:
            meanwhile()
            self.server.wait()
        self.server = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Where the flow is run, which has been imported by now; waits for the server first."""
        self.wait()
        hide_expected_tracebacks()
        with shown_warnings(verbose=self.verbose):
            yield


@contextmanager
def flow_by_hand(home: Home, *, verbose: bool) -> Iterator[FlowByHand]:
    """Configures Prefect and starts a server, where none is named, before a flow is imported.

    Args:
        home: The home.
        verbose: Print Prefect's log in the place of how far the run is.
    """
    server = prepare_prefect(home, end_on_full_disk(home), verbose=verbose)
    begin_resource_tracker()
    with shown_progress(home, verbose=verbose):
        yield FlowByHand(server, verbose)
