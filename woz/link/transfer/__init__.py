"""The upload of the expert's own recording, in chunks."""
