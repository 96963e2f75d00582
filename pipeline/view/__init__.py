"""A document as people see it: in plain words and values that a page, a notebook or a digest can show."""
