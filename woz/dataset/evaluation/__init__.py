"""Models measured on releases: asked, their answers read and scored, with what is missing told."""
