"""The visual style: colours, icons and one style sheet, light and dark, on Qt's Fusion style.

`apply(app)` once at the start; widgets that paint for themselves ask `colours()` each time they paint, and are
repainted by Qt when the theme changes. Spacing is in multiples of `GRID`.
"""

from ui.theme.icons import icon
from ui.theme.palette import Colours, apply, colours, mode

GRID = 8

__all__ = ["GRID", "Colours", "apply", "colours", "icon", "mode"]
