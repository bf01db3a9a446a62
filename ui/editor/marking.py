"""What an annotator does by key at the play head: choose, make, label, move, split. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.editor.edges import Edges
from ui.editor.no_labels import no_labels
from ui.editor.passes.late_press import LatePress
from ui.editor.passes.passes import Passes
from ui.editor.passes.tapping import Tapping
from ui.editor.player import Player
from ui.editor.transport import stamp
from ui.editor.which_tier import first_tier, tier_after, which_tier
from woz.annotation import commands
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.first_values import with_first_values
from woz.annotation.label_of import NAME, label_of
from woz.annotation.linking import with_links
from woz.annotation.many import delete_all, together
from woz.annotation.placing import NEVER_ENDS, Way, placed
from woz.annotation.proposals.deciding import refuse_all
from woz.annotation.proposals.drafts import tiers_in_sight
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, LabelId, TierId, new_id
from woz.model.item import ItemRef
from woz.model.own_schemes import MISTAKE
from woz.model.scheme import Label, Overlap, Shape, TierType
from woz.model.tier import Tier

if TYPE_CHECKING:
    from ui.editor.drafts import Drafts

NEW_SEGMENT_NS = 2 * NS_PER_S
NEAR_POINT_NS = NS_PER_S // 2
DRAFTS_ONLY = "This tier holds a machine's proposals; choose one of your own tiers (Tab) to mark something new."
NO_TIER = "This session has no tier yet: Ctrl+N makes one of a scheme."
CHOOSE_FIRST = "Choose a segment first: click it, or press Enter on it."
RECENT = 20


class Marking(QObject):
    """`chosen_changed` after each change of tier or choice; `said` is why a key can't act, empty where it could;
    `hinted` tells what is under way.
    """

    chosen_changed = Signal()
    said = Signal(str)
    hinted = Signal(str)

    def __init__(
        self, document: Document, player: Player, times: Sequence[int], late: LatePress, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._player, self.times = document, player, times
        self.tier: Tier | None = first_tier(self.tiers, document.by)
        self.drafts: Drafts | None = None
        self.chosen_id: AnnotationId | None = None
        self.many: frozenset[AnnotationId] = frozenset()
        """All that are chosen, where these are more than one."""
        self.recent: list[LabelId] = []
        self._in_ns: int | None = None
        self.way = Way.ROOM
        """How a new segment goes in."""
        self.duration_ns = NEVER_ENDS
        self.refines = False
        """While a refine pass is on."""
        self.passes = Passes(document, player, late, self)
        self.edges = Edges(document, player, self)

    # what is chosen

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """Those that are seen."""
        return tiers_in_sight(self._document)

    @property
    def deciding(self) -> Drafts | None:
        """What decides on proposals, where the tier holds such."""
        return self.drafts if self.drafts and self.drafts.here else None

    @property
    def tapping(self) -> Tapping:
        return self.passes.tapping

    @property
    def here_ns(self) -> int:
        return self._player.position_ns

    @property
    def tier_type(self) -> TierType | None:
        return self._document.tier_type(self.tier) if self.tier else None

    @property
    def segments(self) -> Sequence[Annotation]:
        """Those of the tier that have a time."""
        return self._document.timed(self.tier.id) if self.tier else ()

    @property
    def chosen(self) -> Annotation | None:
        if self.tier is None or self.chosen_id is None:
            return None
        item = self._document.item(ItemRef("annotation", self.chosen_id))
        return item if isinstance(item, Annotation) and item.tier_id == self.tier.id else None

    @property
    def chosen_many(self) -> tuple[Annotation, ...]:
        """All that are chosen, by time."""
        if not self.many or self.tier is None:
            return (self.chosen,) if self.chosen else ()
        return tuple(each for each in self._document.annotations(self.tier.id) if each.id in self.many)

    def choose_many(self, items: Sequence[Annotation], end: Annotation | None) -> None:
        """Of the chosen tier; what is shown of them is `end`'s."""
        self.chosen_id = end.id if end else None
        self.many = frozenset(each.id for each in items) if len(items) > 1 else frozenset()
        self.chosen_changed.emit()

    def choose(self, tier_id: TierId | None, annotation_id: AnnotationId | None) -> None:
        tier = next((t for t in self._document.tiers if t.id == tier_id), self.tier)
        if tier != self.tier:
            self.passes.end()
            self.forget_in()
        if self.many:
            self.hinted.emit("")
        self.tier, self.chosen_id, self.many = tier, annotation_id, frozenset()
        self.chosen_changed.emit()

    def refresh(self) -> None:
        """After a change of tiers: another one where the chosen one is gone, the first where there was none.
        What ran or was begun in a tier that is gone is gone with it.
        """
        now = next((t for t in self._document.tiers if self.tier and t.id == self.tier.id), None)
        if self.tier and now is None:
            if self.passes.running:
                self.said.emit(f"What ran is gone with its tier, {self.tier.name}.")
            self.passes.drop()
            self.forget_in()
        self.tier = now or first_tier(self.tiers, self._document.by)
        self.chosen_changed.emit()

    def next_tier(self, by: int = 1) -> None:
        tiers = self.tiers
        if not tiers:
            self.said.emit(NO_TIER)
        elif len(tiers) == 1:
            self.said.emit("This session has one tier only: Ctrl+N makes another.")
        else:
            self.choose(tier_after(self.tier, tiers, by).id, None)
            self.hinted.emit(which_tier(self.tier, tiers))

    def choose_here(self) -> None:
        if self.tier is None:
            self.said.emit(NO_TIER)
            return
        if self.deciding and self.deciding.reached:
            self.deciding.take()
            return
        here = self._document.timed(self.tier.id)
        found = here.at(self.here_ns) or self._point_near(self.here_ns)
        self.choose(self.tier.id, found.id if found else None)
        self.said.emit("" if found else f"Nothing of {self.tier.name} is here; a label's key makes something.")

    def labels(self) -> tuple[Label, ...]:
        """All that a new annotation may have; in an open tier also what others there are named."""
        tier_type = self.tier_type
        if tier_type is None or self.tier is None:
            return ()
        found = {label.id: label for label in tier_type.offered}
        if tier_type.open:
            for each in self._document.annotations(self.tier.id):
                found.setdefault(LabelId(each.label), label_of(tier_type, each))
        return tuple(found.values())

    # labels

    def label_key(self, key: str) -> None:
        """The label that has this key."""
        tier_type = self.tier_type
        if tier_type is None or self.tier is None:
            self.said.emit(NO_TIER)
            return
        wanted = next((label for label in tier_type.offered if label.shortcut.upper() == key.upper()), None)
        if wanted:
            self.use(wanted, self.here_ns)
        else:
            none_with = f"No label of {self.tier.name} has the key {key}; F finds one by its name."
            self.said.emit(no_labels(self.tier, tier_type) or none_with)

    def use_name(self, name: str, at_ns: int) -> None:
        """A label of an open tier by its name, which may be new."""
        known = next((label for label in self.labels() if label.name().lower() == name.lower()), None)
        self.use(known or Label(LabelId(new_id()), name, {"en": name}), at_ns)

    def use(self, label: Label, at_ns: int) -> None:
        """Make what the tier's shape asks for, or give the chosen one this label."""
        tier_type, chosen = self.tier_type, self.chosen
        if tier_type is None:
            self.said.emit(NO_TIER)
            return
        if self.deciding and chosen is None:
            self.said.emit(DRAFTS_ONLY)
            return
        self.used(label)
        if tier_type.shape == Shape.SESSION:
            self._use_timeless(label, chosen)
        elif self.deciding or (chosen and chosen.start_ns is not None and self._relabels(chosen, at_ns)):
            self.edit(lambda segment: self._relabelled(segment, label))
        elif tier_type.shape == Shape.POINT or (tier_type.shape == Shape.ANY and self._in_ns is None):
            self._add(lambda new: Edit("New point", (), (new,)), self.new(label, at_ns))
        elif self._plays or self.tapping.running:
            self.passes.tap(label, at_ns)
        else:
            self._make(label, at_ns)

    @property
    def _plays(self) -> bool:
        """Whether it plays on, and not round an edge that is being refined."""
        return self._player.playing and not self.refines

    def _relabels(self, chosen: Annotation, at_ns: int) -> bool:
        """A chosen one that lies at the play head, unless something new is under way."""
        if self._in_ns is not None or self._plays or self.tapping.running:
            return False
        if self.refines:
            return True
        return bool(self.many) or chosen.interval.start_ns <= at_ns <= chosen.interval.end_ns

    def _relabelled(self, segment: Annotation, label: Label) -> Edit:
        known = self.tier_type and label in self.tier_type.labels
        if known:
            return commands.relabel(segment, label.id)
        named = segment.with_value(NAME, label.name())
        return Edit("Change label", (segment,), commands.relabel(named, label.id).after)

    def _use_timeless(self, label: Label, chosen: Annotation | None) -> None:
        if chosen:
            self.edit(lambda segment: self._relabelled(segment, label))
        else:
            self._add(lambda new: Edit("New annotation", (), (new,)), self.new(label, None))

    def used(self, label: Label) -> None:
        """The last one that was used is offered first."""
        self.recent = [label.id, *(each for each in self.recent if each != label.id)][:RECENT]

    def name_of(self, tier: Tier, each: Annotation) -> str:
        return label_of(self._document.tier_type(tier), each).name()

    def snapped(self, t_ns: int) -> int:
        """The nearest frame's time."""
        return commands.snapped(t_ns, self.times)

    def new(self, label: Label, at_ns: int | None) -> Annotation:
        tier_type = self.tier_type
        assert self.tier
        assert tier_type
        named = () if label in tier_type.labels else (Attribute(NAME, label.name()),)
        new = AnnotationId(new_id())
        bare = Annotation(new, self.tier.id, at_ns, None, label.id, self._document.made(), named)
        return with_first_values(bare, tier_type, self.segments)

    def _make(self, label: Label, at_ns: int) -> None:
        start = self._in_ns if self._in_ns is not None else at_ns
        first, last = min(start, at_ns), max(start, at_ns)

        def make(new: Annotation) -> Edit:
            return self.placed(new, last if first < last else self._end_after(first), self.way)

        if self._add(make, self.new(label, first)):
            self._in_ns = None
            self.hinted.emit("")

    def _end_after(self, start_ns: int) -> int:
        """Where a new segment ends that is given none: on a frame, or after the last one with the session."""
        end_ns = self.snapped(start_ns + NEW_SEGMENT_NS)
        if end_ns <= start_ns:
            end_ns = min(self.duration_ns, start_ns + NEW_SEGMENT_NS)
        if end_ns <= start_ns:
            raise WozError("The session ends here, so a segment would be empty; go back and begin it there.")
        return end_ns

    def placed(self, new: Annotation, end_ns: int, way: Way) -> Edit:
        """A new segment, and what gives way to it."""
        existing, length = self.segments, self.duration_ns
        return placed(existing, new, end_ns, way, lambda: AnnotationId(new_id()), self.overlap, length, self.times)

    def _add(self, make: Callable[[Annotation], Edit], new: Annotation) -> bool:
        if not self.apply(lambda: make(new)):
            return False
        self.choose(new.tier_id, new.id)
        return True

    # in and out, and the tap pass

    def mark_in(self) -> None:
        tier_type = self.tier_type
        if tier_type is None or self.tier is None:
            self.said.emit(NO_TIER)
            return
        if self.deciding:
            self.said.emit(DRAFTS_ONLY)
            return
        if tier_type.shape in (Shape.POINT, Shape.SESSION):
            what = "points" if tier_type.shape == Shape.POINT else "what is for the whole session"
            self.said.emit(f"{self.tier.name} holds {what}, with no beginning and no end: a label's key makes one.")
            return
        self._in_ns = self.here_ns
        self.hinted.emit(f"In at {stamp(self._in_ns)}: O or a label's key ends it")

    def forget_in(self) -> None:
        if self._in_ns is not None:
            self._in_ns = None
            self.hinted.emit("")

    def mark_out(self) -> None:
        labels, tier_type = self.labels(), self.tier_type
        if self.tier is None or tier_type is None:
            self.said.emit(NO_TIER)
        elif self._in_ns is None:
            self.said.emit("Press I where it starts first, then O or a label's key where it ends.")
        elif not labels:
            named_first = "This tier has no labels yet: press F and type a name."
            self.said.emit(no_labels(self.tier, tier_type) or named_first)
        else:
            self.use(next((each for each in labels if each.id in self.recent[:1]), labels[0]), self.here_ns)

    def back(self) -> None:
        """Take back what was tapped last; else delete what is chosen."""
        if self.tapping.running:
            self.tapping.take_back()
        else:
            self.delete()

    # editing

    @property
    def overlap(self) -> Overlap:
        return self.tier_type.overlap if self.tier_type else Overlap.NONE

    def apply(self, make: Callable[[], Edit]) -> bool:
        try:
            self._document.apply(with_links(make(), self._document.links), self)
        except WozError as error:
            self.said.emit(str(error))
            return False
        self.said.emit("")
        return True

    def edit(self, make: Callable[[Annotation], Edit]) -> bool:
        segment = self.chosen
        if self.deciding:
            return not self.one_only() and self.deciding.mend(make)
        if self.many:
            chosen = self.chosen_many
            return self.apply(lambda: together(make(each) for each in chosen))
        if segment is None:
            self.ask_for_choice()
            return False
        return self.apply(lambda: make(segment))

    def ask_for_choice(self) -> None:
        """Says that nothing is chosen, or that there is no tier to choose from."""
        self.said.emit(CHOOSE_FIRST if self.tier else NO_TIER)

    def one_only(self) -> bool:
        """Says so where more are chosen."""
        if self.many:
            self.said.emit("This is done to one item at a time; Escape, then Enter chooses the one here.")
        return bool(self.many)

    def delete(self) -> None:
        chosen = self.chosen_many
        if self.many:
            self.apply(lambda: refuse_all(chosen) if self.deciding else delete_all(chosen))
            self.choose(None, None)
        elif self.deciding:
            self.deciding.refuse()
        else:
            self.edit(commands.delete)

    def split(self) -> None:
        if self.one_only():
            return
        if self.chosen is None:
            self.choose_here()
        self.edit(lambda segment: commands.split(segment, self.here_ns, AnnotationId(new_id())))

    def merge(self) -> None:
        if not self.one_only():
            self.edit(lambda segment: commands.merge(self.segments, segment))

    def toggle_mistake(self) -> None:
        tier_type = self.tier_type
        if tier_type and not any(each.key == MISTAKE for each in tier_type.attributes):
            self.said.emit(f"The scheme of {self.tier.name if self.tier else ''} has no mistakes to mark.")
            return
        wrong = self.chosen is None or self.chosen.value(MISTAKE) is not True
        self.edit(lambda segment: commands.set_mistake(segment, wrong))

    def _point_near(self, t_ns: int) -> Annotation | None:
        near = (
            self._document.timed(self.tier.id).starting(t_ns - NEAR_POINT_NS, t_ns + NEAR_POINT_NS)
            if self.tier
            else []
        )
        points = [each for each in near if each.end_ns is None]
        return min(points, key=lambda each: abs(each.interval.start_ns - t_ns), default=None)
