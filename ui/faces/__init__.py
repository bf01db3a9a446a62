"""The window in which people review the faces of films: decide, draw, mend, sign off."""
