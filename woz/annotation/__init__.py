"""What annotators edit: the document of a session, its history, and the edits of turns, words and tiers."""
