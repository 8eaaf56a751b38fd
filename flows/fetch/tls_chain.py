"""Completes the certificate chain of a host that leaves its intermediate certificate out.

Browsers fetch the missing certificate from the address that the host's own names (AIA, RFC 5280);
Python does not. Nothing is taken on trust: the chain has to lead to a root that is trusted anyway,
and the connection is then verified as any other.
"""

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from flows.fetch.http_retry import HttpPolicy


class IncompleteChainError(Exception):
    """The chain could not be completed, or leads to no trusted root."""


@contextmanager
def completed_chain(url: str, policy: HttpPolicy) -> Iterator[str]:
    """The trusted roots and the missing certificates of a host, as a file for `verify`.

    Args:
        url: An address of the host.
        policy: Whether a certificate may be fetched from a private address.

    Yields:
        Path of a PEM file, which is removed afterwards.

    Raises:
        IncompleteChainError: A certificate cannot be had, or the chain leads to no trusted root.
    """
    from aia_chaser import AiaChaser
    from aia_chaser.exceptions import AiaChaserError
    from cryptography.hazmat.primitives.serialization import Encoding

    roots = _trusted_roots()
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE  # only to see what it has
    asking.load_verify_locations(roots)
    chaser = AiaChaser(asking, allow_private_ip=policy.certificates_from_private_addresses)
    try:
        chain = chaser.fetch_cert_chain_for_url(url)
    except (AiaChaserError, OSError, ValueError) as error:
        raise IncompleteChainError(str(error)) from error
    pem = [Path(roots).read_bytes(), *(one.public_bytes(Encoding.PEM) for one in chain[1:])]
    with tempfile.TemporaryDirectory(prefix="asymmetry-tls-") as folder:
        bundle = Path(folder) / "chain.pem"
        bundle.write_bytes(b"\n".join(pem))
        yield str(bundle)


def _trusted_roots() -> str:
    """The file of roots that `requests` would use."""
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return next((path for path in named if path and Path(path).is_file()), DEFAULT_CA_BUNDLE_PATH)
