"""`DATA_LICENSES.md`, as it goes with every export: of the checkout, or of the installed wheel."""

from importlib.metadata import distribution
from pathlib import Path

_NAME = "DATA_LICENSES.md"


def data_licences() -> str:
    """The page with every source's terms.

    Raises:
        FileNotFoundError: The installation lacks it.
    """
    of_checkout = Path(__file__).resolve().parents[2] / _NAME
    if of_checkout.is_file():
        return of_checkout.read_text("utf-8")
    # where `license-files` of pyproject.toml are put in a wheel
    text = distribution("alliance-asymmetry").read_text(f"licenses/{_NAME}")
    if text is None:
        raise FileNotFoundError(f"this installation of alliance-asymmetry lacks {_NAME}")
    return text
