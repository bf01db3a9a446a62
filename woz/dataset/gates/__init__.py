"""What may be wrong with question sets, found without a model: each finding is a proposal to a person."""
