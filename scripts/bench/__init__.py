"""How fast the program is, beside what it stands on: in one run, on one machine, on the same weights.

    python -m scripts.bench --out bench            # all of it, an hour or two
    python -m scripts.bench speed cold --out bench --sentences 60 --loop 6

Every measurement has a process of its own, so that its peak memory is its own; models are loaded and warm before the
clock starts, but for the cold start. Words are French words of the input.
"""
