"""What can be wrong with a hypothesis, and what is tried when something is."""
