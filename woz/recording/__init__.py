"""A session's recording: writing it, its folder, the expert's own voice, and what its files say."""
