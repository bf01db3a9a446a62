"""What a lab does with a project, without windows: plan, take in, transcribe, ask for consent, export.

The project's store is reached through `ports`, which `storage` answers.
"""
