"""What both seats share: what they show and offer, the expert's log, troubles, and the watch of sound devices."""
