"""The project files of other annotation tools."""
