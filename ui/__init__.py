"""Everything a person touches: the command line and the windows. The only user of PySide6."""

from ui.immortals import keep_constants

keep_constants()
