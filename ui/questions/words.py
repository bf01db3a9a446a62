"""What the window of questions says."""

from __future__ import annotations

from collections.abc import Mapping

from woz.dataset.review.texts import REVISED, TAKEN
from woz.model.question import AS_SAID, Question, Wording
from woz.model.review import ReviewTask, Verdict

NAMES: Mapping[Verdict, str] = {
    Verdict.ACCEPTABLE: "Acceptable",
    Verdict.DISCARD: "Discard",
    Verdict.TRANSCRIPTION_ERROR: "Transcription error",
    Verdict.REVISE: "Revised",
    Verdict.GROUNDED: "Grounded",
    Verdict.NOT_GROUNDED: "Not grounded",
    Verdict.CONTAINS_ANSWER: "The video contains the answer",
}
KEYS: Mapping[Verdict, str] = {
    Verdict.ACCEPTABLE: "A",
    Verdict.DISCARD: "D",
    Verdict.TRANSCRIPTION_ERROR: "T",
    Verdict.REVISE: "R",
    Verdict.GROUNDED: "G",
    Verdict.NOT_GROUNDED: "N",
    Verdict.CONTAINS_ANSWER: "V",
}
TASKS: Mapping[ReviewTask, str] = {ReviewTask.TEXT: "Text", ReviewTask.GROUNDING: "Grounding"}
ASKED: Mapping[ReviewTask, str] = {
    ReviewTask.TEXT: "Is the question well put, the answer right, and each other answer wrong?",
    ReviewTask.GROUNDING: "Does one need the clip to answer, and is what is asked about in it?",
}
WRITING = "Ctrl+Enter keeps what you wrote; Escape leaves it as it stood."
WRITING_ENGLISH = (
    "Write the English of each text. Ctrl+Enter keeps it as compared with the original; Escape leaves it."
)
IS_ENGLISH = "This question set is in English already."
SUGGESTING = "Alt+1 to Alt+0 take a suggestion into the first empty wrong answer; Ctrl+Enter keeps what you wrote."
FULL = "Each wrong answer is written; empty one, then take another."
UNSEEN = "Its clip can't be seen here, so that it can't be judged. → goes on to the next one."
NOTHING_RESTS = "It rests on no segment and no frame that can be played."
STALE = "The transcript was corrected after this was made. Compare the texts with what was said, then decide anew."


def waiting_elsewhere(here: ReviewTask, count: int | None) -> str:
    """What waits in the other task; empty where nothing does, and while it isn't counted."""
    if not count:
        return ""
    if here == ReviewTask.TEXT:
        return f"Clips that wait for you: {count} (Ctrl+2)."
    return f"Question sets whose words wait for you: {count} (Ctrl+1)."


def provenance(wording: Wording) -> str:
    """Where a text is from; who of the reviewers wrote it is not told."""
    if wording == AS_SAID:
        return ""
    if wording.by == "woz":
        return f"by rule: {wording.how}"
    if wording.how.startswith(TAKEN):
        return f"by a person, {wording.how}"
    return "by a person" if wording.how in (REVISED, "written") else f"by {wording.by}"


def kind_words(question: Question) -> str:
    kinds = {"asked": "asked", "unasked": "said unasked", "written": "written by hand"}
    parts = [kinds[question.kind], question.type or "no type"]
    return ", ".join([*parts, *([question.language] if question.language else [])])


def hint(question: Question, task: ReviewTask, wrong_answers: int) -> str:
    """Which keys help with what it lacks; it is to have so many wrong answers."""
    parts = []
    if task == ReviewTask.TEXT and len(question.distractors) < wrong_answers:
        parts.append("W suggests wrong answers.")
    if question.foreign and not question.english:
        parts.append("Shift+E writes an English text.")
    elif question.english and not question.english.checked:
        parts.append("E says that the English text was compared with the original, Shift+E writes another.")
    return " ".join([*parts, "F1 lists all keys."])
