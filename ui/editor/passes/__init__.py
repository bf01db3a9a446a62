"""Ways through a recording with the hands on the keyboard: tap, hold, refine, talk."""
