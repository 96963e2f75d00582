"""Train the English summarizer: a selector of the sentences that matter, and a rewriter that compresses and fuses them.

`python -m scripts.train_summarizer --help` lists the commands. `stories` reads document-summary pairs; `support` finds
the sentences on which a summary sentence rests; `selector` learns to choose them; `pairs`, `compression` and `prepare`
make the rewriter's training pairs; `rewriter` trains and releases it; `evaluate` measures the choice against lead-k.
"""
