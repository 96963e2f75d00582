"""What a text asserts that can be compared across languages: numbers, dates, amounts, names, links.

`numbers`, `dates`, `names` and `links` list the assertions of one text; `compare` sets two texts side by side.
"""
