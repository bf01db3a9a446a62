"""From a device's clock to session time.

The time stamp of a sound card's block passes three filters in series: `converter_clock` brings it to the machine's
monotonic clock; `stamp_filter` says whether it can be believed, before `tracker` fits its curve to it;
`block_clock` draws the line by which the samples are laid on session time.
"""
