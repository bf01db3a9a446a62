"""The fields of a release's lines with their types, as the card and Croissant declare them."""

from __future__ import annotations

from collections.abc import Collection

SCHEMA = 2
"""Of a release's lines and manifest: 2 brought `MORE_FIELDS`."""
TEXT, WHOLE, NUMBER, YES_NO = "string", "int64", "float64", "bool"
FIELDS: dict[str, tuple[str, bool, str]] = {
    "id": (TEXT, False, "The question set."),
    "split": (TEXT, False, "Train, validation or test."),
    "group": (TEXT, False, "What is never in two splits; cluster results by it."),
    "session": (TEXT, False, "The recorded session."),
    "participants": (TEXT, True, "Who is in it, by pseudonym."),
    "procedure": (TEXT, False, "What the trainee did."),
    "scenario": (TEXT, False, "The scenario of the session."),
    "place": (TEXT, False, "Where it was recorded, by its code."),
    "protocol": (TEXT, False, "How freely the expert spoke."),
    "kind": (TEXT, False, "Asked, unasked or written."),
    "type": (TEXT, False, "The question's type."),
    "language": (TEXT, False, "BCP 47."),
    "question": (TEXT, False, "What was asked."),
    "options": (TEXT, True, "The right answer among wrong ones."),
    "answer_index": (WHOLE, False, "The right option, from 0."),
    "answer": (TEXT, False, "The right option's text."),
    "asked_by": (TEXT, False, "Who asked."),
    "asked_at_s": (NUMBER, False, "Session time at which the question's last word has been said."),
    "clip_start_s": (NUMBER, False, "Session time at which the clip begins."),
    "clip_end_s": (NUMBER, False, "Session time at which the clip ends."),
    "answer_begins_s": (NUMBER, False, "Session time at which the answer begins; the clip is silent from there."),
    "clip": (TEXT, False, "The clip's file."),
    "frames": (TEXT, True, "Pictures of the clip."),
    "frame_times_s": (NUMBER, True, "Session times of the pictures."),
    "context": (TEXT, True, "What was said within the clip and before the question."),
    "step": (TEXT, False, "The step that was going on."),
    "steps_before": (TEXT, True, "The steps that were done by then."),
    "question_english": (TEXT, False, "The question in English, where it was translated."),
    "answer_english": (TEXT, False, "The answer in English, where it was translated."),
    "options_english": (TEXT, True, "The options in English, in the same order; none where one is missing."),
    "english_checked": (YES_NO, False, "Whether a person compared them with the original."),
    "english_wording": (TEXT, False, "Who or what put it in English, and how."),
    "evidence_turns": (TEXT, True, "Turns that it rests on."),
    "status": (TEXT, False, "How far its review is."),
    "origin": (TEXT, False, "How it came to be."),
    "question_wording": (TEXT, False, "Who or what put the question, and how."),
    "option_wordings": (TEXT, True, "The same of each option."),
    "flags": (TEXT, True, "What gates held against it when a person took it."),
}
"""By name: the type, whether there are several, and what it is."""
MORE_FIELDS: dict[str, tuple[str, bool, str]] = {
    "evidence_segments": (TEXT, True, 'Steps and states that it rests on, as "kind: name", by time.'),
    "evidence_segment_starts_s": (NUMBER, True, "Session times at which these begin."),
    "evidence_segment_ends_s": (NUMBER, True, "Session times at which these end, the question's at the latest."),
    "evidence_frames_s": (NUMBER, True, "Session times of frames that it rests on."),
}
"""The same of fields that a line has only where they hold something."""
SINCE = dict.fromkeys(MORE_FIELDS, 2)
"""The schema that brought a field; all others have been there from the first."""


def fields_with(more: Collection[str]) -> dict[str, tuple[str, bool, str]]:
    """All fields of lines that have these of `MORE_FIELDS`, in their order."""
    return {**FIELDS, **{name: about for name, about in MORE_FIELDS.items() if name in more}}


def card_features(more: Collection[str] = ()) -> list[dict[str, object]]:
    """As the head of a card on Hugging Face declares them, so that an empty list is one of texts."""
    told = fields_with(more).items()
    return [{"name": name, "list" if several else "dtype": kind} for name, (kind, several, _) in told]
