"""The picture of the demo in the README: the first lines of what it prints, as an SVG that needs nothing else."""

import io
import re
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, RenderableType
from rich.terminal_theme import MONOKAI

WIDTH = 118
LINES = 36
# Rich's template fetches its font from another host; a picture in a checkout needs the reader's own.
_WEB_FONTS = re.compile(r"@font-face \{\{.*?\}\}\n", re.DOTALL)


class Picture:
    """Takes the lines that the demo prints, up to `LINES`, and draws them."""

    def __init__(self) -> None:
        self._console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False, force_terminal=True)
        self._left = LINES

    def add(self, line: RenderableType) -> None:
        """Add a line while there is room; it is cut at the picture's edge."""
        if self._left > 0:
            self._console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
            self._left -= 1

    def save(self, path: Path) -> None:
        """Write the SVG."""
        template = _WEB_FONTS.sub("", CONSOLE_SVG_FORMAT)
        self._console.save_svg(str(path), title="make demo", theme=MONOKAI, code_format=template, unique_id="demo")
