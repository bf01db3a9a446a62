"""What follows from people's decisions on question sets: their states, their texts, how far people agree."""
