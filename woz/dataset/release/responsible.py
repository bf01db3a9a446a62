"""What a release's Croissant tells of how its data came to be, as its figures tell it: its responsible-AI fields.

Source: https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from woz.base.counts import counted
from woz.dataset.release.chapters import FRAMES_RULE, agreement_words, consent_lines
from woz.dataset.release.coding import coding_words
from woz.dataset.release.faces import face_lines
from woz.dataset.release.hiding import Hiding
from woz.dataset.release.limits import limits_of
from woz.dataset.release.recipe import Recipe
from woz.dataset.release.selection import LeftOut
from woz.dataset.release.summary import Summary
from woz.dataset.release.voices import voice_lines
from woz.dataset.review.agreement import Judging
from woz.model.question import QuestionKind, ReviewStatus
from woz.model.review import ReviewTask

_JUDGED = {
    ReviewTask.TEXT: "the words, as acceptable, discard, transcription error or revise",
    ReviewTask.GROUNDING: "the clip, as grounded, not grounded or containing the answer",
}


def responsible(
    recipe: Recipe, summary: Summary, left_out: LeftOut, hiding: Hiding, judging: Judging
) -> dict[str, object]:
    """Fields by their names; none of what isn't known."""
    return {
        "rai:dataCollection": "Sessions in which a remote expert who sees the trainee's own view guides them"
        f" through a task; protocols: {', '.join(sorted(summary.protocols))}.",
        "rai:dataCollectionType": ["Direct measurement", "Observations"],
        "rai:dataCollectionMissingData": " ".join(left_out.nameless()) or "Nothing was left out.",
        "rai:dataPreprocessingProtocol": list(_prepared(recipe, summary, hiding)),
        "rai:dataImputationProtocol": _imputed(summary),
        "rai:dataAnnotationProtocol": list(_protocol(recipe, summary, judging)),
        "rai:dataAnnotationPlatform": ["woz"],
        "rai:machineAnnotationTools": sorted(summary.machines) or ["none"],
        **_annotated(summary, judging),
        "rai:dataBiases": list(_uneven(summary)),
        "rai:dataLimitations": list(limits_of(summary, recipe.wrong_answers)),
        "rai:personalSensitiveInformation": ["Faces and voices of participants, under pseudonyms."],
        "rai:dataUseCases": ["Evaluating and training models that assist people with tasks"],
        "rai:dataReleaseMaintenancePlan": "A release never changes; what changes is another version. "
        + " ".join(consent_lines(summary)),
    }


def _prepared(recipe: Recipe, summary: Summary, hiding: Hiding) -> Iterator[str]:
    """What was done to recordings and texts."""
    origins = Counter(str(facts["transcript"] or "none") for facts in summary.sessions.values())
    yield f"Transcripts, by sessions: {_counts(origins)}."
    yield from hiding.names
    if recipe.clips:
        yield (
            "Each clip is encoded anew, ends when the question's last word has been said, and has the frames' times"
            " of the recording; its sound is silent from where the answer begins."
        )
        yield FRAMES_RULE.format(count=recipe.frames)
    yield from face_lines(recipe, summary, hiding.faces)
    yield from voice_lines(recipe, hiding.voices)
    if summary.questions.total():
        yield f"Options stand in an order that is drawn by seed {recipe.seed} and the question set's id."


def _imputed(summary: Summary) -> str:
    put = summary.kinds[str(QuestionKind.UNASKED)]
    if not put:
        return "Nothing is filled in."
    total = counted(summary.questions.total(), "question set")
    return f"Where the expert said an answer without being asked, a question was put for it: {put} of {total}."


def _protocol(recipe: Recipe, summary: Summary, judging: Judging) -> Iterator[str]:
    statuses = sorted(ReviewStatus(each).word for each in summary.statuses)
    yield (
        "Question sets are proposed from the dialogue or written by people, and taken when they are"
        f" {', '.join(statuses)}. Options are from: {', '.join(sorted(summary.wordings))}."
    )
    yield f"Each question set is to have {counted(recipe.wrong_answers, 'wrong answer')}."
    if tasks := [_JUDGED[task] for task, found in sorted(judging.agreement.items()) if found.items]:
        yield f"People judge {'; and '.join(tasks)}, each without seeing the others' decisions; a curator settles."
    if recipe.judges:
        yield f"Those are taken whose words {counted(recipe.judges, 'person', 'people')} or more judged."
    for name, gate in sorted(summary.spread.gates.items()):
        yield f"Gate “{name}” flags {gate.flagged} of these sessions' question sets, for people to decide on."
    if summary.tiers:
        kinds = sorted({key for _, key in summary.tiers})
        yield f"Tiers by people ({', '.join(kinds)}), taken when they are {', '.join(recipe.tier_states)}."


def _annotated(summary: Summary, judging: Judging) -> dict[str, object]:
    """How many people annotated what, and how far they agree."""
    people = ", ".join(f"{count} by {n}" for n, count in sorted(summary.judges.items()))
    found: dict[str, object] = {}
    if people:
        found["rai:annotationsPerItem"] = f"Question sets by how many people judged their words: {people}."
    if analysis := [*agreement_words(judging), *coding_words(summary.coding)]:
        found["rai:dataAnnotationAnalysis"] = analysis
    return found


def _uneven(summary: Summary) -> Iterator[str]:
    """What there is more of than of other things."""
    hours = ", ".join(f"{name} {ns / 3.6e12:.2f}" for name, ns in summary.hours.most_common())
    yield f"Hours by procedure: {hours}."
    for what, counts in (("type", summary.types), ("language", summary.languages), ("origin", summary.kinds)):
        if counts:
            yield f"Question sets by {what}: {_counts(counts)}."


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda e: (-e[1], e[0])))
