"""One picture reshaped by several threads at a time, as the window, the link and the recorder do."""

import subprocess
import sys

import av

from woz.base.pictures import reshaped

TOGETHER = """
import threading
import av
from woz.base.pictures import reshaped

def reshape(widths, start):
    for image in images:
        start.wait()
        for width in widths:
            assert reshaped(image, width, width, "rgb24").width == width

images = [av.VideoFrame(640, 640, "yuv420p") for _ in range(60)]
start = threading.Barrier(3)
widths = (320, 480, 320), (480, 160, 480), (200, 320, 200)
threads = [threading.Thread(target=reshape, args=(w, start)) for w in widths]
[t.start() for t in threads]
[t.join() for t in threads]
"""


def test_threads_that_reshape_one_picture_do_not_wait_for_each_other_for_ever() -> None:
    """In a process of its own: the fault ends in a wait that no thread can be freed from."""
    subprocess.run([sys.executable, "-c", TOGETHER], check=True, timeout=240)


def test_a_picture_that_fits_is_not_copied() -> None:
    image = av.VideoFrame(64, 48, "yuv420p")
    assert reshaped(image, 64, 48, "yuv420p") is image
    assert (reshaped(image, 32, 24).width, reshaped(image, pixel_format="rgb24").format.name) == (32, "rgb24")
