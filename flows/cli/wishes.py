"""What was asked of every verb alike: only answers (`--quiet`), tracebacks (`--debug`).

A process is at one command, and so this is state of the module.
"""

import os

_quiet = False
_debug = False


def be_quiet(wanted: bool) -> None:
    """Sets whether nothing but answers is printed from now on."""
    global _quiet  # noqa: PLW0603 - see above
    _quiet = wanted


def is_quiet() -> bool:
    """Whether nothing but answers is wanted."""
    return _quiet


def show_tracebacks(wanted: bool) -> None:
    """Sets whether tracebacks are printed from now on."""
    global _debug  # noqa: PLW0603 - see above
    _debug = wanted


def wants_tracebacks() -> bool:
    """Whether somebody has asked for tracebacks, here or by ASYMMETRY_DEBUG."""
    return _debug or os.environ.get("ASYMMETRY_DEBUG", "").lower() not in ("", "0", "false", "no")
