"""The window in which people judge question sets, and curators settle what they disagree on."""
