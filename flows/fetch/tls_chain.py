"""Completes the certificate chain of a host that leaves its intermediate certificate out.

Browsers fetch the missing certificate from the address that the host's own names (AIA, RFC 5280);
Python does not. Nothing is taken on trust: the chain has to lead to a root that is trusted anyway,
and the connection is then verified as any other.
"""

import os
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from flows.fetch.http_retry import HttpPolicy


class IncompleteChainError(Exception):
    """The chain could not be completed, or leads to no trusted root."""


@contextmanager
def completed_chain(url: str, policy: HttpPolicy, deadline: float) -> Iterator[str]:
    """The trusted roots and the missing certificates of a host, as a file for `verify`.

    Args:
        url: An address of the host.
        policy: Whether a certificate may be fetched from a private address, and how long it may
            take.
        deadline: Moment of `time.monotonic()` at which the whole download has to stop.

    Yields:
        Path of a PEM file, which is removed afterwards.

    Raises:
        IncompleteChainError: A certificate cannot be had in time, or the chain leads to no
            trusted root.
    """
    roots = _trusted_roots()
    seconds = min(policy.connect_seconds + policy.read_seconds, deadline - time.monotonic())
    pem = [Path(roots).read_bytes(), *_within(seconds, url, roots, policy)]
    with tempfile.TemporaryDirectory(prefix="asymmetry-tls-") as folder:
        bundle = Path(folder) / "chain.pem"
        bundle.write_bytes(b"\n".join(pem))
        yield str(bundle)


def _within(seconds: float, url: str, roots: str, policy: HttpPolicy) -> list[bytes]:
    """The missing certificates, PEM; the library itself waits for a silent host without an end."""
    answer: SimpleQueue[list[bytes] | IncompleteChainError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(_missing_certificates(url, roots, policy))
        except IncompleteChainError as error:
            answer.put(error)

    # whoever waits for the thread gives up in time; what it still waits for keeps nobody
    threading.Thread(target=ask, name="tls-chain", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.0))
    except Empty:
        raise IncompleteChainError(
            f"the certificate that the host leaves out did not come within {seconds:.0f} s"
        ) from None
    if isinstance(found, IncompleteChainError):
        raise found
    return found


def _missing_certificates(url: str, roots: str, policy: HttpPolicy) -> list[bytes]:
    from aia_chaser import AiaChaser
    from cryptography.hazmat.primitives.serialization import Encoding

    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE  # only to see what it has
    asking.load_verify_locations(roots)
    chaser = AiaChaser(asking, allow_private_ip=policy.certificates_from_private_addresses)
    try:
        chain = chaser.fetch_cert_chain_for_url(url)
    except Exception as error:  # of a library: nobody would hear of another kind in its thread
        raise IncompleteChainError(f"{type(error).__name__}: {error}") from error
    return [one.public_bytes(Encoding.PEM) for one in chain[1:]]


def _trusted_roots() -> str:
    """The file of roots that `requests` would use."""
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return next((path for path in named if path and Path(path).is_file()), DEFAULT_CA_BUNDLE_PATH)
