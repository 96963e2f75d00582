"""Hostile input: made in quantity, given to the real command, and every promise held against what came of it."""
