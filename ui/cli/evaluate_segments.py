"""`woz evaluate segments`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import chosen_session
from woz.base.clock import SystemClock
from woz.base.counts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from woz.annotation.measures.segmentation_scores import Frames, SegmentationScores


def options(parser: argparse.ArgumentParser) -> None:
    from woz.formats.segmentation.ms_tcn import BACKGROUND

    parser.add_argument(
        "reference", help="a folder with a text file a video, a label a line; or a tier with --project"
    )
    parser.add_argument("hypothesis", help="the same with the predictions, or the other tier")
    parser.add_argument(
        "--measure",
        choices=("frames", "tiou", "distance", "calibrated", "level"),
        help="frames of folders and tiers; mAP at tiou of ActivityNet's JSON; mAP at L1 distance of points;"
        " calibrated AP, and accuracy of a level, of JSON Lines (frames, or tiou for .json)",
    )
    parser.add_argument("--list", type=Path, metavar="FILE", help="a split's list: these videos of a folder alone")
    parser.add_argument("--project", type=Path, help="whose tiers the names or ids are of")
    parser.add_argument("--session", help="the tiers' session; the newest where it is left out")
    parser.add_argument("--frame-rate", type=float, default=15.0, help="how tiers are sampled, a second (15)")
    parser.add_argument(
        "--background",
        action="append",
        default=[],
        metavar="LABEL",
        help=f"what is no segment ({BACKGROUND}, as MS-TCN's evaluation has it); may be given again",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    from woz.annotation.measures.segmentation_scores import segmentation_scores
    from woz.formats.segmentation.ms_tcn import BACKGROUND

    if measure := _other_measure(arguments):
        return _of_files(arguments, measure)
    background = {*(arguments.background or [BACKGROUND]), *([""] if arguments.project else [])}
    found = segmentation_scores(_pairs(arguments), background)
    if arguments.json:
        facts = asdict(found)
        print(json.dumps({**facts, "f1": {str(iou): value for iou, value in found.f1.items()}}))
    else:
        print(_words(found))
    return 0


def _other_measure(arguments: argparse.Namespace) -> str:
    """None of frames: as asked for, or as the file's ending tells."""
    if arguments.measure:
        return "" if arguments.measure == "frames" else str(arguments.measure)
    return "tiou" if arguments.project is None and arguments.reference.endswith(".json") else ""


def _of_files(arguments: argparse.Namespace, measure: str) -> int:
    from woz.dataset.evaluation import detections

    score = {
        "tiou": detections.score_overlaps,
        "distance": detections.score_points,
        "calibrated": detections.score_understanding,
        "level": detections.score_levels,
    }[measure]
    found = score(Path(arguments.reference), Path(arguments.hypothesis))
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print("\n".join(_told(found)))
    return 0


def _told(found: Mapping[str, object], above: str = "") -> Iterator[str]:
    """A line a figure; counts as they are."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _told(value, f"{above}{name} ")
        elif isinstance(value, list):
            yield from map(str, value)
        elif isinstance(value, float):
            yield f"{above + name:24} {100 * value:.2f} %"
        else:
            yield f"{above + name:24} {'not defined' if value is None else value}"


def _pairs(arguments: argparse.Namespace) -> Mapping[str, tuple[Frames, Frames]]:
    from woz.annotation.measures.frame_files import paired_folders

    if arguments.project is None:
        return paired_folders(Path(arguments.reference), Path(arguments.hypothesis), arguments.list)
    from storage import Project
    from woz.lab.segmenting import tiers_as_frames

    with Project.open(arguments.project, SystemClock()) as project:
        session = chosen_session(project, arguments.session)
        return tiers_as_frames(project, session, arguments.reference, arguments.hypothesis, arguments.frame_rate)


def _words(found: SegmentationScores) -> str:
    figures = {"accuracy": found.accuracy, "edit": found.edit, **{f"F1@{iou}": f for iou, f in found.f1.items()}}
    lines = [
        f"{name:9} {'not defined' if each is None else f'{100 * each:.2f} %'}" for name, each in figures.items()
    ]
    lines.insert(0, f"{counted(found.videos, 'video')}, {counted(found.frames, 'frame')}")
    if found.without_segments:
        names = ", ".join(found.without_segments)
        lines.append(f"Background alone in the reference of {names}: no edit score of those.")
    return "\n".join(lines)
