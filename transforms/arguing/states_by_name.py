"""States by COW code, abbreviation, ISO code or name."""

import polars as pl

from transforms.arguing.errors import ArgumentError, nearest

ALIASES = {"us": 2, "uk": 200, "ussr": 365, "soviet union": 365}
"""Short names that scholars use for leaders."""


class StateNames:
    """Looks states up.

    Args:
        states: `core.states` (ccode, state_abb, state_name, iso3).
    """

    def __init__(self, states: pl.DataFrame) -> None:
        self._codes: dict[str, int] = dict(ALIASES)
        self._names: dict[int, str] = {}
        columns = ("ccode", "state_abb", "iso3", "state_name")
        for code, *names in states.select(columns).iter_rows():
            self._codes[str(code)] = code
            self._codes |= {name.lower(): code for name in names if name}
            self._names[code] = names[-1]
        self._codes |= {"united states": 2} if 2 in self._names else {}

    def code(self, text: str, where: str) -> int:
        """The COW code.

        Args:
            text: Code or name.
            where: What is being read, for the message.

        Raises:
            ArgumentError: No state has that code or name.
        """
        found = self._codes.get(text.strip().lower())
        if found is None or found not in self._names:
            hint = nearest(text.strip(), self._codes)
            raise ArgumentError(
                f"{where}: no state {text.strip()!r}{hint}. States are named by COW code,"
                " abbreviation or name: core.states has them."
            )
        return found

    def name(self, code: int) -> str:
        """The state's name."""
        return self._names[code]

    def several(self, key: str, text: str) -> tuple[int, ...]:
        """Codes of states that are separated by commas, ascending; empty for `none`."""
        if text == "none":
            return ()
        return tuple(sorted({self.code(part, key) for part in text.split(",")}))
