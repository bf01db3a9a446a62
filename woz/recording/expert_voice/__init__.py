"""The expert's own recording: its parts, their way into a session, and how it compares with what was heard."""
