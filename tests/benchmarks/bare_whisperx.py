"""whisperx as its own documentation runs it, for comparison: prints seconds of the processor, and MB of memory."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import whisperx

from woz.transcription.forced_alignment import provide_sentence_data


def main() -> None:
    sound, model, aligner, device, batch, threads = json.loads(sys.argv[1])
    if threads:
        torch.set_num_threads(threads)
    keep = provide_sentence_data(Path(tempfile.gettempdir()))
    precision = "float16" if device == "cuda" else "int8"
    asr = whisperx.load_model(
        model,
        device,
        compute_type=precision,
        language="en",
        vad_method="pyannote",
        threads=threads or os.cpu_count() or 1,
    )
    audio = whisperx.load_audio(sound)
    found = asr.transcribe(audio, batch_size=batch, language="en")
    loaded, metadata = whisperx.load_align_model("en", device, model_name=aligner, model_cache_only=True)
    whisperx.align(found["segments"], loaded, metadata, audio, device)
    del keep
    print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
