"""Standard output, which may be closed, full, or of an encoding that has few letters."""

import io
import os
import sys
from contextlib import suppress

_FIRST_THREE = (0, 1, 2)


class _Watched(io.FileIO):
    """A file that remembers that it could not be written: what was to be written is gone then."""

    fault: OSError | None = None

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        try:
            return super().write(data)
        except OSError as error:
            self.fault = error
            raise


_watched: _Watched | None = None


def prepare_output() -> None:
    """Has everything that is printed find a place, before anything is.

    A number of the first three that is free would be the next file's that is opened, and what is
    printed would go into that. A letter that an encoding lacks is printed as its escape.
    """
    global _watched  # noqa: PLW0603 - a process has one standard output
    for number in _FIRST_THREE:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _watched = _Watched(1, "w", closefd=False)
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_watched),
        encoding=encoding,
        errors="backslashreplace",
        newline="\n",
        line_buffering=_watched.isatty(),
    )
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def fault_of_output() -> str | None:
    """Why standard output has not taken all that was printed; None where it has.

    Empty where its reader has left, as `head` does: nobody is to be told of that.
    """
    error = None
    try:
        sys.stdout.flush()
    except OSError as raised:
        error = raised
        with suppress(OSError, ValueError):  # what is left would be tried again when Python ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    error = (_watched.fault if _watched else None) or error
    if error is None:
        return None
    if isinstance(error, BrokenPipeError):
        return ""
    return (
        f"Standard output cannot be written ({error.strerror}): what stands there is not all of the"
        " answer."
    )
