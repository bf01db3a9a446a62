"""The editor's window: video, transcript, inspector, and the time line below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from ui.editor.conflict_bar import ConflictBar
from ui.editor.desk_keys import LabelKeys, add_window_keys
from ui.editor.doubt_level import DoubtLevel
from ui.editor.doubting import Doubting
from ui.editor.drafts import Drafts
from ui.editor.drift_notice import DriftNotice
from ui.editor.edit_menu import EditMenu
from ui.editor.feedback import Feedbacks, Leading
from ui.editor.feedback_seen import FeedbackSeen
from ui.editor.film_watch import FilmWatch
from ui.editor.findings import Findings, FindingsButton, FindingsDialog
from ui.editor.inspector import Inspector
from ui.editor.item_history import ItemHistory
from ui.editor.keys import ANYWHERE, BEYOND, NOT_TYPING, Keys, Place
from ui.editor.label_list import LabelList
from ui.editor.layout import LowerSide, arranged
from ui.editor.left_at import LeftAt
from ui.editor.links import Links, at_hand
from ui.editor.marking import CHOOSE_FIRST, NO_TIER, Marking
from ui.editor.new_tier import ask_new_tier
from ui.editor.no_labels import no_labels
from ui.editor.notice import Notice
from ui.editor.passes.late_press import LatePress
from ui.editor.passes.ways import Ways
from ui.editor.picture.picture import Picture
from ui.editor.placing_keys import PlacingKeys
from ui.editor.play_keys import PlayMenu, add_playing_keys, add_voice_keys
from ui.editor.player import Player
from ui.editor.propose_dialog import ask_proposals
from ui.editor.proxy_loader import ProxyLoader
from ui.editor.proxy_menu import ProxyMenu
from ui.editor.question_form import QuestionWriting
from ui.editor.scheme_notice import SchemeNotice
from ui.editor.selection import Selection
from ui.editor.shortcuts.dialog import ShortcutsDialog
from ui.editor.shortcuts.kept import KeptKeys
from ui.editor.subject import Subject, frames_of
from ui.editor.submitting import Submitting
from ui.editor.tier_lease import TierLease
from ui.editor.timeline import Timeline
from ui.editor.transcript import TranscriptPanel
from ui.editor.transcript_commands import Backing, TranscriptCommands
from ui.editor.transport import Transport
from ui.editor.turn_pass import TurnPass
from ui.editor.unkept import Unkept
from ui.editor.wave_loader import WaveLoader
from ui.editor.word_timing import WordTiming
from ui.theme import icon
from ui.widgets.digit_row import DigitActions, DigitRow
from ui.widgets.ending import Ending
from ui.widgets.parts import Banner, Shortcuts, panel
from woz.annotation.document import Change, Document
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Label
from woz.model.tier import Tier
from woz.model.transcript import Term, Turn

FRAME = QSize(0, 40)
"""What a window manager adds around a window, at least."""


class EditorWindow(QMainWindow):
    """Edits a document; every change is stored by the document before it shows. With `settings` it remembers."""

    def __init__(self, subject: Subject, document: Document, settings: QSettings | None = None) -> None:
        """Raises WozError where the media file can't be read."""
        super().__init__()
        self._subject, self._settings = subject, settings
        self._document = document
        frames = frames_of(subject)
        self._times = frames.times
        self._player = Player(subject.shown, frames, self)
        self._proxies = ProxyLoader(subject.media, frames, self._player)
        duration_ns = subject.session.duration_ns or (self._times[-1] if self._times else NS_PER_S)
        self._timeline = Timeline(document, duration_ns)
        self.picture = Picture(subject.media, document, self._player, frames.why or "The video has no picture.")
        self.film = FilmWatch(subject.media, frames, self._player, subject.project)
        self._banner = Notice(self._timeline)
        self.conflicts = ConflictBar(document, self._timeline, self._timeline.place_of)
        self.scheme_notice = SchemeNotice(document)
        self.lamp = Banner()
        self.lamp.tell(subject.lamp)
        late = LatePress(self._player, document.by, settings, self)
        self._marking = Marking(document, self._player, self._times, late, self)
        self._drafts = Drafts(document, self._marking, self._player, self, subject.schemes.annotator)
        self._marking.drafts, self._marking.duration_ns = self._drafts, duration_ns
        self._placing = PlacingKeys(document, self._marking, self._player, lambda: self._panel.turns)
        self._links = Links(document, self._at_hand, self._go_to, self)
        self._doubting = Doubting(document, self._links, lambda: self._panel.turn, self)
        self._submitting = Submitting(document, self._marking, subject.submission)
        self.lease = TierLease(subject.door, document, self._marking, self._timeline, self._banner.tell)
        leading = Leading(self._go_to, self._player.seek, self._timeline.setFocus, self._banner.tell)
        self.feedback = Feedbacks(subject.feedback, FeedbackSeen(subject.seen), document, self._marking, leading)
        self.drift = DriftNotice(subject.drift, self._player, self._banner.tell)
        self._selection = Selection(document, self._marking, self)
        here, language = (lambda: self._marking.here_ns), (lambda: self._panel.language)
        self.writing = QuestionWriting(document, here, language, duration_ns, self, subject.wrong_answers)
        DigitRow(self._timeline, lambda digit: self._marking.label_key(str(digit)))
        self.ways = Ways(subject, document, self._marking, self._player, self._timeline, self._times, settings)
        self._transport = Transport(self._player, settings)
        self._saved, self._hinted = self._transport.saved, ""
        self._findings = Findings(document, subject.session.duration_ns, subject.windows, self)
        self._findings.flagged.connect(self._timeline.show_flags)
        self._findings_list = FindingsDialog(self._findings, self._go_to, self)
        self._transport.add_button(FindingsButton(self._findings), self._show_findings)
        self.setWindowTitle(f"woz editor – {subject.session.title}")
        self.setWindowIcon(icon("woz"))
        self.resize(QSize(1280, 800).boundedTo(self.screen().availableSize() - FRAME))
        self._history = ItemHistory(self, document, subject.history, self._player.seek)
        self._build()
        self._actions(KeptKeys(settings))
        self._connect()
        self._choose(self._tier.id if self._tier else None, None)
        self._left = LeftAt(subject.left, self._player, self._timeline, self._marking)
        self._left.restore()
        self._timeline.setFocus()
        self._transport.play.setEnabled(frames.here)
        if frames.here:
            self._waves.start()
            self._proxies.start()
            self.film.start()
        recovered = self.ways.recover()
        self.tell(" ".join(filter(None, (recovered, self._unkept.offered))))

    # building

    def _build(self) -> None:
        line = self._timeline
        below = LowerSide(self._transport, self.ways.strip, line, self.ways.status)
        said = (self.feedback.bar, self.drift.bar)
        notices = (*said, self.lease.bar, self.film.banner, self.scheme_notice, self.lamp)
        self.setCentralWidget(arranged(notices, self.picture.area, self._text_side(), below, self.height()))

    def _text_side(self) -> QWidget:
        self._panel = TranscriptPanel(self._document, self._subject.transcripts, self._subject.names)
        self._timing = WordTiming(self._subject.media, self)
        about = self._subject
        backing = Backing(about.originals, about.session.procedure_id, self._timing, about.new_transcript)
        self._commands = TranscriptCommands(self._panel, self._document, self._player, backing)
        self._inspector = Inspector(self._marking.edit, self._labels_of, self._timeline.setFocus)
        typed, tell = self._subject.typed, self._banner.tell
        self._unkept = Unkept(typed, self._document, self._panel, self._inspector, self._go_to, tell)
        self._turn_pass = TurnPass(self._document, self._panel, self._player)
        self._turn_pass.hide()
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(self._inspector)
        form.addWidget(self._turn_pass)
        side = panel(self._panel, self._form)
        side.layout().setStretch(0, 1)  # type: ignore[union-attr]
        side.setMinimumWidth(340)
        return side

    def _actions(self, kept: KeptKeys) -> None:
        self._keys = keys = Keys(self, self._panel.list, self._form, kept)
        here = Place.TIME_LINE
        self.edit_menu = EditMenu(self, self._document, self._undo_last, self._redo_last, self._show_history)
        self._play_menu = PlayMenu(self, self._player, self._settings)
        self.picture.add_to(self._play_menu)
        self.picture.add_keys(keys, self._banner.tell)
        self._proxy_menu = ProxyMenu(self._play_menu.menu, self._proxies, self._banner.tell, self.ways.status)
        add_playing_keys(keys, self._player, self._timeline, self._play_menu, self._banner.tell)
        add_voice_keys(keys, self._player, self._transport.voices)
        self.ways.add_keys(keys)
        self.ways.add_pen(keys, self.picture.view)
        microphone, tell = self.ways.microphone, self._banner.tell
        self._play_menu.ask("Microphone of the talk pass …", lambda: microphone.ask(self, tell))
        self._drafts.add_keys(keys)
        self._selection.add_keys(keys)
        self._placing.add_keys(keys)
        self._submitting.add_keys(keys)
        for each in (self.lease, self.feedback, self.drift, self._links, self._doubting, self.writing):
            each.add_keys(keys)
        keys.add("Label the turns, one after the other", "Ctrl+U", self._label_turns, *NOT_TYPING)
        keys.add("Find a label by typing", "F", self._find_label, here)
        keys.add("Say more of it: its attributes", "D", self._to_attributes, here)
        keys.add("Write the segment's note", "N", self._to_note, here)
        keys.add("New tier", "Ctrl+N", self._new_tier, here)
        keys.add("Have a machine propose", "Ctrl+P", self._propose, here)
        keys.add("What is missing or wrong by the schemes", "Ctrl+E", self._show_findings, here)
        keys.add("History of this item", "Ctrl+Shift+H", self._show_history, here)
        add_window_keys(keys, self._timeline, self._undo_last, self._redo_last)
        keys.add("Back to the time line", "Escape", self._escape, *BEYOND)
        keys.add("Close", "Ctrl+Q", self.close, *ANYWHERE)
        keys.add("Show these shortcuts", "F1", lambda: Shortcuts(self).exec(), *ANYWHERE)
        keys.add("Change or print the shortcuts", "Shift+F1", self._change_shortcuts, *ANYWHERE)
        self.conflicts.add_keys(keys)
        self._commands.add_keys(keys)
        DoubtLevel(self._panel, self._settings).add_keys(keys)
        self._unkept.add_keys(keys)
        self._label_keys = LabelKeys(keys, self._document, self._marking)
        self._label_keys.refresh()
        keys.settle()
        DigitActions(self, alone=False)

    def _change_shortcuts(self) -> None:
        document = self._document
        labels = {tier.name: document.tier_type(tier).offered for tier in document.tiers}
        ShortcutsDialog(self._keys, labels, self).exec()

    def _escape(self) -> None:
        bar = self._panel.find_bar
        if bar.isAncestorOf(self.focusWidget()):
            bar.close_bar()
        elif self._turn_pass.isVisible():
            self._turn_pass.close_pass()
        else:
            self._timeline.setFocus()

    def _connect(self) -> None:
        self._connect_line()
        self._player.told.connect(self._banner.tell)
        self._player.unreadable.connect(self._show_unreadable)
        self._player.moved.connect(self._show_time)
        self._panel.sought.connect(self._player.seek)
        self._panel.told.connect(self._banner.tell)
        self._panel.transcript_changed.connect(self._show_transcript)
        self._show_transcript()
        self._transport.undo.clicked.connect(self._undo_last)
        self._transport.redo.clicked.connect(self._redo_last)
        self.conflicts.told.connect(self._banner.tell)
        self.conflicts.asked.connect(self._show_item)
        self._marking.chosen_changed.connect(self._show_chosen)
        self._marking.said.connect(self._banner.tell)
        self._marking.hinted.connect(self._hint)
        self._turn_pass.told.connect(self._banner.tell)
        self._turn_pass.ended.connect(self._end_turn_pass)
        self._submitting.told.connect(self._banner.tell)
        self._submitting.blocked.connect(self._findings_list.come_up_with)
        self.feedback.changed.connect(self._show_said)
        self._links.said.connect(self._banner.tell)
        self.writing.said.connect(self._banner.tell)
        self._links.hinted.connect(self._hint)
        self._doubting.said.connect(self._banner.tell)
        self._doubting.hinted.connect(self._hint)
        self._unsubscribe = self._document.subscribe(self._changed)
        self._waves = WaveLoader(self._subject.shown, self)
        self._waves.ready.connect(self._timeline.set_wave)
        self._waves.progress.connect(self._timeline.set_wave_progress)
        self._waves.failed.connect(self._banner.tell)

    def _connect_line(self) -> None:
        line = self._timeline
        line.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line.sought.connect(self._player.seek)
        line.scrubbed.connect(self._player.scrub)
        line.released.connect(self._player.rest)
        line.segment_chosen.connect(self._choose)
        line.added.connect(self._selection.toggle)
        line.ranged.connect(self._selection.range_to)
        line.edge_moved.connect(self._marking.edges.drop)
        line.laid_out.connect(self.conflicts.place)

    def _show_transcript(self) -> None:
        self._timeline.show_transcript(self._panel.transcript_id)

    # what is chosen

    @property
    def _tier(self) -> Tier | None:
        return self._marking.tier

    def _segment(self) -> Annotation | None:
        return self._marking.chosen

    def _choose(self, tier_id: TierId | None, annotation_id: AnnotationId | None) -> None:
        self._marking.choose(tier_id, annotation_id)

    def _labels_of(self, tier_type: str) -> tuple[Label, ...]:
        """Of the tier type with a key in the scheme of the tier."""
        tier = self._tier
        scheme = self._document.schemes.get((tier.scheme_id, tier.scheme_version)) if tier else None
        return scheme.tier_type(tier_type).offered if scheme and tier_type else ()

    # what asks for more

    def _find_label(self) -> None:
        tier, tier_type, at_ns = self._tier, self._marking.tier_type, self._marking.here_ns
        if tier is None or tier_type is None:
            self._banner.tell(NO_TIER)
            return
        if none := no_labels(tier, tier_type):
            self._banner.tell(none)
            return
        found = LabelList.ask(self, self._marking.labels(), self._marking.recent, tier_type.open)
        if isinstance(found, Label):
            self._marking.use(found, at_ns)
        elif found:
            self._marking.use_name(found, at_ns)

    def _label_turns(self) -> None:
        if self._turn_pass.begin(self._tier):
            self._inspector.hide()

    def _end_turn_pass(self) -> None:
        self._inspector.show()
        self._timeline.setFocus()

    def _to_attributes(self) -> None:
        if self._segment() is None:
            self._banner.tell(CHOOSE_FIRST if self._tier else NO_TIER)
        elif not self._inspector.focus_attributes():
            self._banner.tell("The scheme of this tier has no attributes; N writes a note.")

    def _to_note(self) -> None:
        if self._segment() is None:
            self._banner.tell(CHOOSE_FIRST if self._tier else NO_TIER)
        else:
            self._inspector.note.setFocus()

    def _new_tier(self) -> None:
        self._guarded(
            lambda _: ask_new_tier(self, self._document, self._subject.schemes, lambda new: self._choose(new, None))
        )

    def _propose(self) -> None:
        if self._subject.propose is None:
            self._banner.tell("Nothing can be proposed here: this window stores in no project.")
            return
        ask_proposals(self, self._document, self._subject.propose, lambda: self._drafts.go(1))

    def _show_history(self) -> None:
        item = self._segment()
        if item is None:
            self._banner.tell(CHOOSE_FIRST)
            return
        self._history.show(item.id, self._inspector.name.text())

    def _show_findings(self) -> None:
        self._findings_list.come_up()

    def _undo_last(self) -> None:
        if self._document.undo_name is None and self._document.saved:
            self._banner.tell("There is nothing of yours to undo.")
        self._guarded(self._document.undo)

    def _redo_last(self) -> None:
        if self._document.redo_name is None and self._document.saved:
            self._banner.tell("There is nothing of yours to redo.")
        self._guarded(self._document.redo)

    def _guarded(self, do: Callable[[object], None]) -> None:
        try:
            do(self)
        except WozError as error:
            self._banner.tell(str(error))

    # showing

    def _at_hand(self) -> Item | None:
        return at_hand(self._keys.place, self._segment(), self._panel.turn)

    def _show_item(self, ref: ItemRef) -> None:
        """Choose an annotation that something is asked about."""
        item = self._document.item(ref)
        if isinstance(item, Annotation):
            self._choose(item.tier_id, item.id)

    def _go_to(self, ref: ItemRef) -> bool:
        """Choose an annotation or a turn, with the keyboard, and show its time; False where it isn't shown."""
        item = self._document.item(ref)
        if isinstance(item, Link):
            return self._go_to(item.source)
        if isinstance(item, Tier):
            self._choose(item.id, None)
        elif isinstance(item, Annotation):
            self._choose(item.tier_id, item.id)
            self._timeline.setFocus()
            if item.start_ns is not None:
                self._player.seek(item.start_ns)
        elif isinstance(item, Turn) and self._panel.model.row_of(item.id) is not None:
            self._panel.choose_turn(item.id)
            self._panel.list.setFocus()
        else:
            return False
        return True

    def _show_chosen(self) -> None:
        tier, chosen = self._tier, self._segment()
        many = self._marking.many
        self._timeline.select(tier.id if tier else None, chosen.id if chosen else None, many)
        self._inspector.show_annotation(tier, self._marking.tier_type, chosen, max(1, len(many)))
        self._inspector.show_links(self._links.words_of(ref_to(chosen)) if chosen else "")
        self._inspector.show_feedback(self.feedback.words_of(ref_to(chosen)) if chosen else "")

    def _show_said(self) -> None:
        self._timeline.show_talks(self.feedback.open_talks)
        self._show_chosen()

    def seek(self, t_ns: int) -> None:
        """Show this time of the session."""
        self._player.seek(t_ns)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ways.work.watch()

    def _show_time(self, t_ns: int) -> None:
        self._transport.show_time(t_ns)
        self._timeline.set_position(t_ns)
        self._panel.show_time(t_ns)

    def _show_unreadable(self, number: int) -> None:
        self.picture.view.clear(f"Frame {number} of the video can't be read.")

    def _hint(self, text: str) -> None:
        """In the place of what is saved, until something is changed; where that is too narrow also below, whole."""
        self._hinted = text
        self._saved.setToolTip(text)
        self.show_saved()

    def _changed(self, change: Change) -> None:
        if change.kinds:
            self._hint("")
        if Tier in change.kinds:
            self._marking.refresh()
            self._label_keys.refresh()
        self._timeline.refresh()
        if change.kinds & {Turn, Term}:
            self._panel.refresh()
        if change.kinds & {Turn, Annotation}:
            self._turn_pass.refresh()
        if change.kinds & {Annotation, Tier, Link}:
            self._show_chosen()
        undo, redo = self._document.undo_name, self._document.redo_name
        self._transport.undo.setToolTip(f"Undo: {undo}" if undo else "Nothing to undo")
        self._transport.redo.setToolTip(f"Redo: {redo}" if redo else "Nothing to redo")
        self.show_saved()

    @property
    def document(self) -> Document:
        return self._document

    @property
    def player(self) -> Player:
        return self._player

    @property
    def timeline(self) -> Timeline:
        return self._timeline

    @property
    def waves_ready(self) -> bool:
        """Whether both voices' waveforms are there."""
        return self._timeline.voices_shown == 2

    def tell(self, text: str) -> None:
        """A sentence about something that went wrong; hidden where it is empty."""
        self._banner.tell(text)

    def show_saved(self) -> None:
        """Say whether all that is shown is stored; where it is, a hint has the place."""
        saved = self._document.saved
        self._saved.setText((self._hinted or "All changes saved") if saved else "Saving …")
        self.ways.status.show_part("hint", self._hinted if saved and not self._saved.fits else "")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._panel.finish_typing()
        self._unkept.close()
        self._keys.close()
        self._left.close()
        self.conflicts.close_bar()
        self.lease.close()
        self.feedback.close()
        self.scheme_notice.close_notice()
        self.edit_menu.close()
        self._findings.close()
        self._marking.passes.end()
        self._unsubscribe()
        ending = Ending(self._tell_at_once)
        self.drift.close(ending)
        for each in (self.picture, self._proxies, self.film, self._player, self.ways, self._timing, self._waves):
            each.close(ending)
        event.accept()

    def _tell_at_once(self, text: str) -> None:
        """Also where no event is handled meanwhile."""
        self._banner.tell(text)
        self.repaint()
