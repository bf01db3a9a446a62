"""How Sphinx makes the site; `docs/site/build.py` calls it."""

from woz import __version__

project = "woz"
author = "the woz maintainers"
copyright = "the woz maintainers"
release = version = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"woz {release}"
html_copy_source = html_show_sphinx = False
myst_heading_anchors = 4
nitpicky = True
