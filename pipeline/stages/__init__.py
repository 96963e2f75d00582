"""Each stage fills its own fields of the record; none knows another."""
