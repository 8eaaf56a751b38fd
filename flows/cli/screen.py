"""What all verbs print to: text is text there, whoever has written it.

State names, titles of votes, reasons of a host and names of files come from elsewhere. None of them
is read as markup or acts on the terminal, and no secret of the user is shown.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from expectations.shown_text import inert
from flows.home.secrets import presentable


class Screen(Console):
    """A console on which every text is presentable, in whatever it stands."""

    def __init__(self, **how: Any) -> None:
        super().__init__(highlight=False, emoji=False, markup=False, **how)

    def render_str(self, text: str, **how: Any) -> Text:
        """A text that is printed, or a cell, heading or title."""
        return super().render_str(presentable(text), **how)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """What is printed in another form than as a text: it acts on no terminal either."""
        for segment in super().render(renderable, options):
            is_text = not segment.control and not segment.text.isprintable()
            yield Segment(inert(segment.text), segment.style) if is_text else segment
