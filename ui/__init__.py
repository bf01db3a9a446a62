"""Everything a person touches: the command line and the windows. The only user of PySide6."""
