"""The picture in the editor: near or far, with what was looked at and drawn over it, and a second view."""
