"""The edit log: edits recorded, merged, refused, taken back and told to others"""
