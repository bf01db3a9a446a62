"""Names of people, places and firms in what was said and written: found, judged, replaced, searched for again."""
