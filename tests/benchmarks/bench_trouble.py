"""The live link under trouble on the way, ours and stock aiortc in one run, between two network namespaces (root).

python tests/benchmarks/bench_trouble.py [--seconds 60] [--case loss1 loss3 narrow cut]
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_link import WARM_UP_S, Case, pct, receiver_process, sender_process
from tests.rig.netns import Wire, enter, wire
from tests.rig.relay import Trouble

CUT_FROM_S, CUT_FOR_S = 15.0, 10.0
TROUBLES = {
    "clean": Trouble(),
    "loss1": Trouble(delay_ms=40, jitter_ms=5, loss=0.01),
    "loss3": Trouble(delay_ms=40, jitter_ms=5, loss=0.03),
    "narrow": Trouble(delay_ms=20, rate_bps=3e6),
    "cut": Trouble(delay_ms=20, cuts=[[CUT_FROM_S, CUT_FROM_S + CUT_FOR_S]]),
}


def sender(namespace: str, kind: str, case: Case, signaling: Connection, results: Connection) -> None:
    enter(namespace)
    sender_process(kind, case, signaling, results)


def receiver(namespace: str, kind: str, case: Case, signaling: Connection, results: Connection) -> None:
    enter(namespace)
    receiver_process(kind, case, signaling, results, False)


def measure(kind: str, case: Case, trouble: Trouble) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    a, b = context.Pipe()
    sent, to_sent = context.Pipe(duplex=False)
    got, to_got = context.Pipe(duplex=False)
    with wire(trouble) as joined:
        ends = _ends(context, joined, kind, case, (a, b, to_sent, to_got))
        for end in ends:
            end.start()
        joined.start_clock()
        patience = case.seconds + WARM_UP_S + 60
        figures = [pipe.recv() if pipe.poll(patience) else None for pipe in (sent, got)]
        for end in ends:
            end.terminate()
            end.join()
    if figures[0] is None or figures[1] is None:
        return {"fault": "an end gave nothing"}
    return summary(case, trouble, figures[0], figures[1])


def _ends(context: Any, joined: Wire, kind: str, case: Case, pipes: tuple[Connection, ...]) -> list[Any]:
    a, b, to_sent, to_got = pipes
    return [
        context.Process(target=sender, args=(joined.a, kind, case, a, to_sent)),
        context.Process(target=receiver, args=(joined.b, kind, case, b, to_got)),
    ]


def summary(case: Case, trouble: Trouble, at_sender: dict[str, Any], at_receiver: dict[str, Any]) -> dict[str, Any]:
    captured, decoded = at_sender["captured"], at_receiver["decoded"]
    first = round(WARM_UP_S * case.fps)
    counted = sorted((t, n) for n, t in decoded.items() if n >= first)
    if not counted:
        return {"fault": "no frame came through"}
    gaps = [(later - sooner) / 1e6 for (sooner, _), (later, _) in itertools.pairwise(counted)]
    delays = [(t - captured[n]) / 1e6 for t, n in counted if n in captured]
    return {
        "frames": f"{len(counted)}/{round(case.seconds * case.fps)}",
        "delay": [pct(delays, 50), pct(delays, 95), round(max(delays), 0)],
        "longest_gap": round(max(gaps), 0),
        "over_200": sum(gap > 200 for gap in gaps),
        "over_500": sum(gap > 500 for gap in gaps),
        "settled_after_s": settled(captured, decoded, trouble),
        "clicks": f"{len(at_receiver['heard'])}/{len(at_sender['clicks'])}",
        "cpu": [round(at_sender["cpu"], 2), round(at_receiver["cpu"], 2)],
    }


def settled(captured: dict[int, int], decoded: dict[int, int], trouble: Trouble) -> float | None:
    """Seconds after the first frame until the last one that was more than 150 ms over the path's own delay."""
    limit_ns = (trouble.delay_ms + trouble.jitter_ms + 150) * 1e6
    late = [captured[n] for n, t in decoded.items() if n in captured and t - captured[n] > limit_ns]
    return round((max(late) - min(captured.values())) / 1e9, 1) if late else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--case", nargs="*", default=list(TROUBLES))
    parser.add_argument("--view", default="1408x1408@20")
    parser.add_argument("--no-stock", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table: dict[str, Any] = {}
    for name in options.case:
        case = Case.parse(options.view, options.seconds, 4_000_000)
        kinds = ("ours",) if options.no_stock else ("ours", "stock")
        table[name] = {kind: measure(kind, case, TROUBLES[name]) for kind in kinds}
        for kind in kinds:
            print(f"{name:>7} {kind:>5}: {table[name][kind]}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
