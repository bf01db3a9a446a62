"""When to speak, as benchmarks other than ProAssist's score it: PAUC, StreamingBench, OVO-Bench, and windows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

BEST = 2
"""PAUC's highest grade of a reply: 0 wrong, 1 partly, 2 right."""
STREAMING_TOLERANCE_S = 2.0
OVO_GROUPS = {
    "backward": ("EPM", "ASI", "HLD"),
    "realtime": ("OCR", "ACR", "ATR", "STU", "FPD", "OJR"),
    "forward": ("REC", "SSR", "CRR"),
}


def pauc(start_s: float, end_s: float, replies: Sequence[tuple[float, int]], omega: float = 0.5) -> float:
    """The area under the grade of what has been said so far, over a reply's span, as a share of the best (PAUC of
    ProactiveVideoQA, 2507.09313).

    `replies` are times within the span with the grade (0 to 2) of all replies up to then. Before the first the
    grade is 0.5; with `omega` a reply at t counts from start + (1 - omega) (t - start) on. Raises ValueError
    for an empty span, or what lies outside.
    """
    if end_s <= start_s or any(not start_s <= t <= end_s or not 0 <= grade <= BEST for t, grade in replies):
        raise ValueError("a reply lies outside its span, or its grade outside 0 to 2")
    area, at, grade = 0.0, start_s, 0.5
    for time_s, next_grade in sorted(replies, key=lambda each: each[0]):
        shifted = start_s + (1 - omega) * (time_s - start_s)
        area += (shifted - at) * grade
        at, grade = shifted, next_grade
    return (area + (end_s - at) * grade) / ((end_s - start_s) * BEST)


def streaming_bench(wanted_s: float, wanted: str, last_s: float, last_reply: str) -> tuple[bool, bool]:
    """Whether the time is right, and the output too (StreamingBench's proactive output, src/data/count.py).

    The model is polled each second until it says yes; its last reply counts, within 2 s, and where it holds the
    wanted text.
    """
    timely = abs(last_s - wanted_s) <= STREAMING_TOLERANCE_S
    return timely, timely and wanted in last_reply


def ovo_choice(response: str | None, answer: str) -> bool:
    """OVO-Bench's rule for choices (utils/OVOBenchScore.py): the letter stands somewhere in the reply."""
    return response is not None and answer in response


def ovo_count(response: str | None, count: int) -> bool:
    """OVO-Bench's REC: all digits of the reply, joined, are the count."""
    return response is not None and "".join(re.findall(r"\d+", response)) == str(count)


def ovo_yes_no(response: str | None, yes: bool) -> bool:
    """OVO-Bench's SSR and CRR: "Yes" or "No" stands in the reply, or it is Y or N."""
    if response is None:
        return False
    return response == ("Y" if yes else "N") or ("Yes" if yes else "No") in response


@dataclass(frozen=True, slots=True)
class OvoScores:
    """Accuracy by task, the mean of tasks by group, and the mean of the three groups; None for a group without
    tasks, and for the total where one lacks.
    """

    tasks: dict[str, float]
    groups: dict[str, float | None]
    total: float | None


def ovo_scores(hits: Mapping[str, Sequence[bool]]) -> OvoScores:
    """Of each task's replies. Raises ValueError for a task that is none of OVO-Bench's."""
    known = {task for tasks in OVO_GROUPS.values() for task in tasks}
    if strange := sorted(hits.keys() - known):
        raise ValueError(f"{strange[0]} is no task of OVO-Bench")
    tasks = {task: fmean(each) for task, each in hits.items() if each}
    groups = {
        name: fmean(found) if (found := [tasks[task] for task in of if task in tasks]) else None
        for name, of in OVO_GROUPS.items()
    }
    values = [each for each in groups.values() if each is not None]
    return OvoScores(tasks, groups, fmean(values) if len(values) == len(OVO_GROUPS) else None)


@dataclass(frozen=True, slots=True)
class WindowScores:
    """Against annotated windows of useful times. A window is hit by its first utterance; others in it are
    `duplicates`. `error_s` is the median of a hit's time less the reference's, positive where late; `early` is the
    share of hits before the reference's time, `duplicate_share` that of duplicates among all that was said.
    """

    windows: int
    hit: int
    duplicates: int
    outside: int
    in_silence: int
    recall: float | None
    precision: float | None
    f1: float | None
    error_s: float | None
    early: float | None
    duplicate_share: float | None


def window_scores(
    windows: Sequence[tuple[float, float, float]],
    times: Sequence[float],
    silences: Sequence[tuple[float, float]] = (),
) -> WindowScores:
    """`windows` are (earliest, said, latest) in s, ends included; each time goes to the first window still open
    that holds it, else to one that was hit before.
    """
    hit = dict[int, float]()
    duplicates = outside = 0
    for time_s in sorted(times):
        holding = [i for i, (early, _, late) in enumerate(windows) if early <= time_s <= late]
        open_ones = [i for i in holding if i not in hit]
        if open_ones:
            hit[min(open_ones, key=lambda i: windows[i][2])] = time_s
        elif holding:
            duplicates += 1
        else:
            outside += 1
    quiet = sum(any(a <= time_s < b for a, b in silences) for time_s in times)
    apart = [time_s - windows[i][1] for i, time_s in hit.items()]
    return WindowScores(
        len(windows),
        len(hit),
        duplicates,
        outside,
        quiet,
        len(hit) / len(windows) if windows else None,
        len(hit) / len(times) if times else None,
        2 * len(hit) / (len(windows) + len(times)) if windows or times else None,
        median(apart) if apart else None,
        sum(each < 0 for each in apart) / len(apart) if apart else None,
        duplicates / len(times) if times else None,
    )
