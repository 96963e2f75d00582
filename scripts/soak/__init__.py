"""A run that goes on for as long as one likes, and whether anything in it grows that should not."""
