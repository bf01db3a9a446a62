"""Reports in words and as a page."""
