"""Scores against references. Each is a class that is given `Units` and gives back `Measured`, its signature with it."""
