"""Everything a person touches: the command line and the windows. The only user of PySide6."""

from ui.immortal_none import keep_none

keep_none()
