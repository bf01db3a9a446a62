"""FFmpeg's logs stay out of Python, also where a library hands them to it.

Torchvision does, and torchmetrics and pyannote.audio import it. A decoder's thread that logs then waits for the
interpreter, while the thread that frees the decoder holds the interpreter and waits for the decoder's: for ever.
"""

from __future__ import annotations

import av


def keep_out_of_python() -> None:
    """To be called after such a library was imported."""
    av.logging.set_level(None)
