"""Write the model cards of the embedded models, and the picture of how they learned.

`<model>.toml` has what people wrote: sources, licences, weaknesses. `<model>.json` has what was measured of the release
that is shipped: scores, the log of the training, the pairs of each group. `release` gathers the second, `history`
reads the log, `curve` draws it, and `card` puts all of it together.
"""
