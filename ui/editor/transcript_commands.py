"""What the keys do in the transcript: each a short method that makes an edit, or moves to another place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from ui.editor.alike import AlikeDialog
from ui.editor.glossary import GlossaryDialog
from ui.editor.keys import ANYWHERE, IN_TURNS, Keys, Place
from ui.editor.player import Player
from ui.editor.transcript import TranscriptPanel
from ui.editor.transcript_finding import TranscriptFinding
from ui.editor.voices import VoicesDialog
from ui.editor.word_timing import WordTiming
from woz.annotation import transcript_edits as edits
from woz.annotation.document import Document
from woz.annotation.doubts import is_doubtful, judge, next_doubt
from woz.annotation.edits import Edit
from woz.annotation.finding import alike, fix_alike
from woz.annotation.glossary import add_term, near_terms
from woz.annotation.restoring import restore_all, restore_turn
from woz.annotation.voices import choices, voice_of, voices_of
from woz.annotation.word_times import parts, timed_words
from woz.annotation.words import rewritten, words_in
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.ids import ProcedureId, TermId, TranscriptId, TurnId, new_id
from woz.model.transcript import Transcript, Turn

NEW_TURN_NS = 2 * NS_PER_S
SUGGESTIONS = 3
TYPING_HINT = "Ctrl+Space: play   Ctrl+.: it ends here   Alt+1: who speaks   Ctrl+Shift+N: next turn"


@dataclass(frozen=True, slots=True)
class Backing:
    """What the commands need besides the turns; `originals` gives a transcript's turns as first made."""

    originals: Callable[[TranscriptId], Sequence[Turn]]
    procedure_id: ProcedureId | None
    timing: WordTiming
    new_transcript: Callable[[], Transcript] | None = None
    """Takes an empty one, typed by hand, into the project. Raises WozError."""


class TranscriptCommands(QObject):
    """Acts on the panel's chosen turn and word."""

    def __init__(self, panel: TranscriptPanel, document: Document, player: Player, backing: Backing) -> None:
        super().__init__(panel)
        self._panel = panel
        self._document = document
        self._player = player
        self._backing = backing
        self._wrong: tuple[str, str] | None = None
        self._suggested: list[str] = []
        backing.timing.timed.connect(self._timed)
        backing.timing.failed.connect(self._not_timed)
        panel.corrected.connect(self._offer_alike)
        panel.delegate.field_opened.connect(lambda field: field.split_asked.connect(self.split_at_caret))
        panel.turn_chosen.connect(self._turn_chosen)
        panel.loop_button.toggled.connect(self._loop_again)
        self._finding = TranscriptFinding(panel, self._edit, self._word)

    def add_keys(self, keys: Keys) -> None:
        """Give all commands their keys."""
        here, both, panel = Place.TRANSCRIPT, IN_TURNS, self._panel
        keys.add("To the transcript", "Ctrl+T", panel.list.setFocus, *ANYWHERE)
        keys.add("Previous turn", "Up", lambda: panel.choose(panel.row - 1), here)
        keys.add("Next turn", "Down", lambda: panel.choose(panel.row + 1), here)
        keys.add("Previous word", "Left", lambda: self.step_word(-1), here)
        keys.add("Next word", "Right", lambda: self.step_word(1), here)
        keys.add("Type in the turn, at the word", ["Return", "F2"], panel.edit_here, here)
        keys.add("Split the turn before the word", "S", lambda: self.split(panel.word), here)
        keys.add("Merge with the next turn", "M", self.merge_next, here)
        keys.add("Merge with the previous turn", "Shift+M", self.merge_previous, here)
        keys.add("New turn at the playhead", ["N", "Insert"], self.insert, here)
        keys.add("Delete the turn", ["Delete", "Backspace"], lambda: self._edit(edits.delete), here)
        keys.add("The turn starts here", ["[", "I"], lambda: self.set_edge(start=True), here)
        keys.add("The turn ends here", ["]", "O"], lambda: self.set_edge(start=False), here)
        keys.add_digits("Who speaks, while typing", "Alt+1", 9, lambda i: self.set_voice(i - 1), Place.TURN)
        keys.add("The turn ends here, while typing", "Ctrl+.", lambda: self.set_edge(start=False), Place.TURN)
        keys.add("The turn starts here, while typing", "Ctrl+,", lambda: self.set_edge(start=True), Place.TURN)
        keys.add("A new turn starts here, while typing", "Ctrl+Shift+N", self.end_and_next, Place.TURN)
        keys.add_digits("Who speaks", "1", 9, lambda i: self.set_voice(i - 1), here)
        keys.add("Next doubtful word", "D", lambda: self.step_doubt(1), here)
        keys.add("Previous doubtful word", "Shift+D", lambda: self.step_doubt(-1), here)
        keys.add("The word is right; next doubtful one", "G", self.settle, here)
        keys.add("Flag or unflag the word", "F", self.flag, here)
        keys.add("Colour doubtful words, or not", "H", panel.doubts_button.toggle, here)
        keys.add("Hear the turn again", "R", self.replay, here)
        keys.add("Checked, or not", "X", self.toggle_checked, here)
        keys.add("Fix all alike: every such word", "A", self.ask_alike, here)
        keys.add("Time the words anew", "T", self.realign, here)
        keys.add("Speakers: hear, rename, merge", "V", self.show_voices, here)
        keys.add("Glossary", "B", self.show_glossary, here)
        keys.mention("Keep the text, or take the word offered", "Return", Place.TURN)
        keys.mention("Leave the text as it was", "Esc", Place.TURN)
        keys.mention("Split the turn at the caret", "Shift+Return", Place.TURN)
        keys.mention("Keep the text, type in the next turn", "Tab", Place.TURN)
        keys.add("Checked, and on to the next turn", "Ctrl+Return", self.check_and_go, *both)
        keys.add("Loop the turn, or not", ["Ctrl+L"], panel.loop_button.toggle, *both)
        keys.add("Join the next turn to this one", "Ctrl+J", self.merge_next, *both)
        keys.add("To the next doubtful word", "Ctrl+D", lambda: self.step_doubt(1), *both)
        keys.add("Fix all words like the corrected one", "Ctrl+Shift+Return", self.fix_offered, *both)
        keys.add_digits(
            "Take what the glossary suggests", "Ctrl+1", SUGGESTIONS, lambda i: self.take_term(i - 1), *both
        )
        keys.add("Put the word into the glossary", "Ctrl+B", self.keep_term, *both)
        keys.add("Bring back the turn as first made", "Ctrl+R", self.restore, *both)
        keys.add("Bring back the whole transcript", "Ctrl+Shift+R", self.restore_all, *both)
        self._finding.add_keys(keys)

    # moving

    def step_word(self, by: int) -> None:
        """The next word or the one before, over the edges of turns."""
        panel, turn = self._panel, self._panel.turn
        if turn is None:
            return
        number = panel.word + by
        if 0 <= number < len(words_in(turn.text)):
            panel.choose(panel.row, number)
        elif by > 0:
            panel.choose(panel.row + 1)
        elif panel.row > 0:
            panel.choose(panel.row - 1, max(0, len(words_in(panel.turns[panel.row - 1].text)) - 1))

    def step_doubt(self, direction: int) -> None:
        """Walk to a doubtful word; the glossary suggests what it may be."""
        panel = self._panel
        panel.finish_typing()
        found = next_doubt(panel.turns, (panel.row, panel.word if panel.turn else -1), direction, panel.below)
        if found is None:
            panel.hint(f"No doubtful word {'after' if direction > 0 else 'before'} this one.")
            return
        panel.choose(*found)
        self._suggest()

    def _suggest(self) -> None:
        turn = self._panel.turn
        words = timed_words(turn) if turn else ()
        if not self._panel.word < len(words) or not is_doubtful(words[self._panel.word], self._panel.below):
            return
        text, confidence = words[self._panel.word].text, words[self._panel.word].confidence
        self._suggested = near_terms(text, self._document.terms, SUGGESTIONS)
        sure = f", {confidence:.0%} sure" if confidence is not None else ""
        offers = "".join(f"   Ctrl+{i}: {term}" for i, term in enumerate(self._suggested, 1))
        self._panel.hint(f"“{text}”{sure}. G: it is right   Enter: correct it{offers}")

    def _turn_chosen(self) -> None:
        self._suggested = []
        self._panel.hint("")
        self._loop_again()

    def _loop_again(self) -> None:
        turn = self._panel.turn
        self._player.loop(turn.interval if turn and self._panel.loop_button.isChecked() else None)

    def replay(self) -> None:
        if self._panel.turn:
            self._player.play_once(self._panel.turn.interval)

    # words

    def settle(self) -> None:
        if self._edit(lambda turn: judge(turn, self._panel.word, False)):
            self.step_doubt(1)

    def flag(self) -> None:
        def flipped(turn: Turn) -> Edit:
            words = timed_words(turn)
            doubtful = self._panel.word < len(words) and is_doubtful(words[self._panel.word], self._panel.below)
            return judge(turn, self._panel.word, not doubtful)

        self._edit(flipped)

    def take_term(self, number: int) -> None:
        """Put a suggested term in the place of the chosen word."""
        word = self._word()
        if word is None or number >= len(self._suggested):
            return
        before, _, after = parts(word)
        term = before + self._suggested[number] + after
        place = self._panel.word

        if self._edit(lambda turn: edits.set_text(turn, rewritten(turn.text, place, term))):
            self._offer_alike([(word, term)])

    def keep_term(self) -> None:
        """Put the chosen word, or what is selected in the field, into the procedure's glossary."""
        field = self._panel.field
        text = field.textCursor().selectedText() if field else ""
        text = text or parts(self._word() or "")[1]
        terms, new = self._document.terms, TermId(new_id())
        if self._panel.apply(lambda: add_term(terms, new, self._backing.procedure_id, text)):
            self._panel.hint(f"“{text}” is in the glossary now.")

    def _word(self) -> str | None:
        turn, number = self._panel.turn, self._panel.word
        texts = words_in(turn.text) if turn else []
        return texts[number] if number < len(texts) else None

    # alike

    def _offer_alike(self, pairs: Sequence[tuple[str, str]]) -> None:
        """After a correction: say how many words like the wrong one there are still."""
        self._wrong = None
        for old, new in pairs:
            count = alike(self._panel.turns, old)
            if count:
                self._wrong = (old, new)
                wrong, right = parts(old)[1], parts(new)[1]
                self._panel.hint(
                    f"“{wrong}” is said {counted(count, 'time')} more. Ctrl+Shift+Enter: all become “{right}”"
                )
                return

    def fix_offered(self) -> None:
        self._panel.finish_typing()
        if self._wrong is None:
            self._panel.hint("Correct a word first, then all like it can be fixed.")
            return
        self._fix_alike(*self._wrong)
        self._wrong = None

    def ask_alike(self) -> None:
        """Ask what all words like the chosen one are to become."""
        word = self._word()
        if word is None:
            return
        terms, old = [term.text for term in self._document.terms], parts(word)[1]
        suggested = near_terms(word, self._document.terms, SUGGESTIONS)
        new = AlikeDialog.ask(self._panel, old, alike(self._panel.turns, word), terms, suggested)
        if new:
            self._fix_alike(word, new)

    def _fix_alike(self, old: str, new: str) -> None:
        count = alike(self._panel.turns, old)
        if self._panel.apply(lambda: fix_alike(self._panel.turns, old, new)):
            self._panel.hint(
                f"{counted(count, 'time')} “{parts(old)[1]}” became “{parts(new)[1]}”. Ctrl+Z takes it back."
            )

    # turns

    def split(self, at_word: int) -> None:
        new = TurnId(new_id())
        if self._edit(lambda turn: edits.split(turn, at_word, new)):
            self._panel.choose_turn(new)

    def split_at_caret(self) -> None:
        """Keep what is typed, split there, and type on in the second part."""
        field = self._panel.field
        if field is None:
            return
        number = field.word_number
        self._panel.finish_typing()
        before = self._panel.turn
        self.split(number)
        if self._panel.turn != before:
            self._panel.edit_here()

    def merge_next(self) -> None:
        self._panel.finish_typing()
        self._merge(edits.merge_next)

    def merge_previous(self) -> None:
        self._merge(edits.merge_previous)

    def _merge(self, merged: Callable[[Sequence[Turn], Turn], Edit]) -> None:
        turns = self._panel.turns
        made: list[Turn] = []

        def edit(turn: Turn) -> Edit:
            result = merged(turns, turn)
            made.extend(item for item in result.after if isinstance(item, Turn))
            return result

        if self._edit(edit):
            self._panel.choose_turn(made[0].id, seek=False)

    def insert(self) -> None:
        """A new turn of the chosen one's speaker at the playhead, to type in."""
        transcript, start, new = self._panel.transcript_id, self._player.position_ns, TurnId(new_id())
        if transcript is None:
            transcript = self._begin_transcript()
        if transcript is None:
            return
        turn = self._panel.turn
        voice = voice_of(turn) if turn else voices_of(())[0]
        span = Interval(start, start + NEW_TURN_NS)
        if self._panel.apply(lambda: edits.insert(transcript, new, voice, span)):
            self._panel.choose_turn(new, seek=False)
            self._panel.edit_here()
            self._panel.hint(TYPING_HINT)

    def _begin_transcript(self) -> TranscriptId | None:
        """One to type into, where there is none yet."""
        if self._backing.new_transcript is None:
            self._panel.told.emit("This window stores in no project, so there is no transcript to type into.")
            return None
        try:
            made = self._backing.new_transcript()
        except WozError as error:
            self._panel.told.emit(str(error))
            return None
        self._panel.add_transcript(made)
        return made.id

    def end_and_next(self) -> None:
        """While typing: the turn ends at the play head, and the next one starts there."""
        self._panel.finish_typing()
        here = self._player.position_ns
        turn = self._panel.turn
        if turn is not None and here <= turn.interval.start_ns:
            self._panel.told.emit("Play on first (Ctrl+Space): the next turn starts at the play head.")
            self._panel.edit_here()
            return
        if turn is not None and here < turn.interval.end_ns:
            self.set_edge(start=False)
        self.insert()

    def set_edge(self, start: bool) -> None:
        here = self._player.position_ns

        def moved(turn: Turn) -> Edit:
            a, b = (here, turn.interval.end_ns) if start else (turn.interval.start_ns, here)
            if a >= b:
                raise WozError("A turn can't end before it starts; move the playhead first.")
            return edits.set_interval(turn, Interval(a, b))

        self._edit(moved)

    def set_voice(self, number: int) -> None:
        voices = choices(self._panel.turns)
        if number < len(voices) and self._edit(lambda turn: edits.set_voice(turn, voices[number])):
            known = "   ".join(f"{i}: {voice.label}" for i, voice in enumerate(voices, 1))
            self._panel.hint(f"{voices[number].label} speaks. {known}")

    def toggle_checked(self) -> None:
        self._edit(lambda turn: edits.set_checked(turn, not turn.checked))

    def check_and_go(self) -> None:
        typing = self._panel.field is not None
        self._panel.finish_typing()
        self._edit(lambda turn: edits.set_checked(turn, True))
        self._panel.choose(self._panel.row + 1)
        if typing:
            self._panel.edit_here()

    def realign(self) -> None:
        """Time the words anew by their sound, in the background."""
        self._panel.finish_typing()
        turn = self._panel.turn
        if turn is None or not turn.text:
            self._panel.told.emit("Choose a turn with text first: click it, or press Ctrl+T and the arrow keys.")
            return
        self._panel.hint("The turn's words are being timed by their sound; the first time takes some seconds.")
        self._backing.timing.ask(turn, self._panel.language)

    def _not_timed(self, turn: Turn, why: str) -> None:
        self._panel.hint(f"The words keep the times they had. {why}")

    def _timed(self, turn: Turn, times: list[Interval]) -> None:
        row = self._panel.model.row_of(turn.id)
        now = self._panel.turns[row] if row is not None else None
        if now is None or (now.text, now.interval) != (turn.text, turn.interval):
            self._panel.hint("The turn was changed while its words were being timed; press T again.")
            return
        self._panel.apply(lambda: edits.realign(now, times))
        self._panel.hint("The turn's words are timed by their sound.")

    def restore(self) -> None:
        """Bring back the chosen turn, and what was split off it or merged into it, as first made."""
        transcript = self._panel.transcript_id
        self._panel.finish_typing()
        originals = self._backing.originals(transcript) if transcript is not None else ()
        turn, turns = self._panel.turn, self._panel.turns
        if transcript is None or turn is None:
            return
        if self._edit(lambda turn: restore_turn(turn, turns, originals)):
            self._panel.choose_turn(edits.sources(turn)[0], seek=False)
        elif not self._panel.trouble:
            self._panel.hint("The turn is as it was first made.")

    def restore_all(self) -> None:
        transcript = self._panel.transcript_id
        self._panel.finish_typing()
        if transcript is None:
            return
        originals = self._backing.originals(transcript)
        if self._panel.apply(lambda: restore_all(self._panel.turns, originals)):
            self._panel.hint("The transcript is as it was first made. Ctrl+Z brings the corrections back.")

    # dialogs

    def show_voices(self) -> None:
        VoicesDialog(self._panel, self._document, self._player).exec()
        self._panel.told.emit("")

    def show_glossary(self) -> None:
        GlossaryDialog(self._panel, self._document, self._backing.procedure_id).exec()
        self._panel.told.emit("")

    def _edit(self, make: Callable[[Turn], Edit]) -> bool:
        turn = self._panel.turn
        if turn is None:
            self._panel.told.emit("Choose a turn first: click it, or press Ctrl+T and the arrow keys.")
            return False
        return self._panel.apply(lambda: make(turn))
