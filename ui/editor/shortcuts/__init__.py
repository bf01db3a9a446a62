"""Shortcuts as the person wants them: kept, changed in a window, printed as a page, the same on every keyboard."""
