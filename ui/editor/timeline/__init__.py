"""The zoomable time line: rows of sound, turns and tiers, painted from sorted arrays."""

from ui.editor.timeline.widget import Timeline

__all__ = ["Timeline"]
