"""What an annotation's label is called where it is shown."""

from __future__ import annotations

from dataclasses import replace

from woz.model.annotation import Annotation
from woz.model.scheme import Label, TierType

NAME = "name"
"""The attribute in which an annotation of an open tier type brings the name of a label that its scheme lacks."""


def label_of(tier_type: TierType, annotation: Annotation) -> Label:
    """The label by its scheme; a grey one where that has none, by the annotation's own name, else by its id."""
    label, own = tier_type.label(annotation.label), annotation.value(NAME)
    return replace(label, names={"en": own}) if label not in tier_type.labels and isinstance(own, str) else label
