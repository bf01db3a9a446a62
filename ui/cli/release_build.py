"""`woz release build`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ui.application.answers import pair_of, progress
from ui.cli.release_tasks import add_task_options, task_settings
from woz.base.clock import SystemClock
from woz.base.commands import with_project
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, nanoseconds
from woz.dataset.splits.groups import GroupBy
from woz.model.question import ReviewStatus
from woz.model.tier import SETTLED, TierState

if TYPE_CHECKING:
    from woz.dataset.release.building import Built
    from woz.dataset.release.recipe import Recipe

LONGEST_CLIP_S = 3600
WAITING = (
    "What is proposed waits for people to judge its words or its clip: woz questions list PROJECT --status"
    " proposed, then woz questions review PROJECT."
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, help="the project's folder")
    parser.add_argument("name", help="the release's name: letters, digits, - and _")
    parser.add_argument("--out", type=Path, required=True, help="the folder that becomes the release")
    parser.add_argument("--release-version", default="1.0.0", metavar="V", help="its version (1.0.0)")
    parser.add_argument("--without-clips", action="store_true", help="no clips and no frames")
    parser.add_argument(
        "--clip", type=float, metavar="S", help="the clips' length; each question's own where left out"
    )
    parser.add_argument("--frames", type=int, default=8, help="pictures taken of each clip (8)")
    parser.add_argument(
        "--status",
        action="append",
        choices=[str(each) for each in ReviewStatus],
        help="which question sets are taken (accepted); may be given again",
    )
    parser.add_argument("--fewest-wrong", type=int, default=1, metavar="N", help="wrong answers one must have (1)")
    parser.add_argument(
        "--judges",
        type=int,
        metavar="N",
        help="how many people must have judged one (what woz questions rule says; 5 where nothing was said)",
    )
    parser.add_argument(
        "--english",
        action="store_true",
        help="what is not known to be English only with an English text that a person checked",
    )
    parser.add_argument(
        "--tier-state",
        action="append",
        choices=[str(each) for each in TierState],
        help="which tiers are taken (accepted, adjudicated, locked); may be given again",
    )
    add_task_options(parser)
    parser.add_argument(
        "--split-by",
        choices=[str(each) for each in GroupBy],
        help="what is never in two splits (as the version before, else participant)",
    )
    parser.add_argument("--shares", default="train=0.7,validation=0.1,test=0.2", help="the splits and their shares")
    parser.add_argument("--seed", type=int, default=0, help="what draws splits and the options' order (0)")
    splits = parser.add_mutually_exclusive_group()
    splits.add_argument(
        "--splits-of",
        type=Path,
        metavar="DIR",
        help="an earlier release whose splits are kept before others', and since which changes are said (the last"
        " version that was built from the project)",
    )
    splits.add_argument(
        "--new-splits", action="store_true", help="deal all splits anew; else those of earlier releases are kept"
    )
    parser.add_argument("--licence", default="other", help="as Hugging Face names it: cc-by-4.0, say")
    parser.add_argument("--title", default="", help="what the card is headed with")
    parser.add_argument(
        "--author", action="append", default=[], metavar="NAME", help="whom to cite; may be given again"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    from storage import Project
    from woz.dataset.release.selection import PROPOSED
    from woz.lab.releasing import build_release
    from woz.lab.settled_splits import keeping_splits, released_before

    recipe, show = _recipe(arguments), progress(arguments.json)
    with Project.open(arguments.project, clock := SystemClock()) as project:
        rule = project.reviews.rule()
        recipe = replace(recipe, wrong_answers=rule.wrong_answers)
        if arguments.judges is None:
            recipe = replace(recipe, judges=rule.release_people)
        before = released_before(project, recipe.name, recipe.version)
        if not (arguments.split_by or arguments.splits_of) and before.split_by:
            recipe = replace(recipe, split_by=before.split_by)
        recipe, not_kept = keeping_splits(recipe, before)
        built = build_release(
            project,
            recipe,
            arguments.out,
            lambda done, of: show(100 * done // of, f"clip {done} of {of}"),
            clock.utc_ns(),
        )
    if arguments.json:
        print(json.dumps({**_facts(built), "not_kept": not_kept}))
    else:
        for sentence in built.left_out.sentences():
            print(f"woz: {sentence}", file=sys.stderr)
        for sentence in not_kept:
            print(f"woz: {sentence}", file=sys.stderr)
        if PROPOSED in built.left_out.questions:
            print(f"woz: {with_project(WAITING, arguments.project)}", file=sys.stderr)
        counts = ", ".join(f"{count} {split}" for split, count in built.counts.items())
        print(f"{recipe.name} {recipe.version}: {counts}; {counted(built.files, 'file')} in {built.path}")
        if built.splits:
            print(built.splits)
        if built.changes:
            print("\n".join([f"Since {built.changes.since}:", *(f"    {e}" for e in built.changes.sentences())]))
        for name, task in built.tasks.items():
            items = ", ".join(f"{count} {split}" for split, count in task["items"].items())
            print(f"  {name}: {items}")
    return 0


def _facts(built: Built) -> dict[str, object]:
    left = built.left_out
    return {
        "release": str(built.path),
        "counts": built.counts,
        "files": built.files,
        "tasks": built.tasks,
        "splits": built.splits,
        **({"changes": built.changes.told()} if built.changes else {}),
        "judges": {str(people): count for people, count in sorted(built.judges.items())},
        "left_out": {"sessions": left.sessions, "questions": dict(left.questions)},
    }


def _recipe(arguments: argparse.Namespace) -> Recipe:
    from woz.dataset.release.changes import Earlier
    from woz.dataset.release.recipe import Recipe

    earlier = Earlier.at(arguments.splits_of) if arguments.splits_of else None
    usual = earlier.manifest.asked.split_by if earlier else GroupBy.PARTICIPANT
    return Recipe(
        name=arguments.name,
        version=arguments.release_version,
        statuses=tuple(ReviewStatus(each) for each in arguments.status or ["accepted"]),
        fewest_wrong=arguments.fewest_wrong,
        judges=arguments.judges or 0,
        english=arguments.english,
        tier_states=tuple(TierState(each) for each in arguments.tier_state or ()) or SETTLED,
        split_by=GroupBy(arguments.split_by or usual),
        shares=_shares(arguments.shares),
        seed=arguments.seed,
        earlier=earlier,
        new_splits=arguments.new_splits,
        clips=not arguments.without_clips,
        clip_ns=_clip_ns(arguments.clip),
        frames=arguments.frames,
        licence=arguments.licence,
        title=arguments.title,
        authors=tuple(arguments.author),
        tasks=tuple(arguments.task),
        task_settings=task_settings(arguments),
        task_pictures=arguments.task_pictures,
    )


def _clip_ns(length_s: float | None) -> int | None:
    if length_s is None:
        return None
    if not 1 / NS_PER_S <= length_s <= LONGEST_CLIP_S:
        raise WozError("A clip is longer than 0 s and at most an hour; give --clip 5, say.")
    return nanoseconds(length_s)


def _shares(text: str) -> dict[str, float]:
    try:
        return {name: float(share) for name, share in (pair_of(part) for part in text.split(","))}
    except (ValueError, WozError):
        raise WozError(f"“{text}” should be splits with their shares: train=0.7,validation=0.1,test=0.2.") from None
