"""A place of a session, played inside another window by the editor's player."""
