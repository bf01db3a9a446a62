"""What a model writes for tasks: dialogues from a session's steps and descriptions, and instructions; kept apart
from what people said, and named as a model's wherever it goes.
"""
