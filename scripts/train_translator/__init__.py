"""Train a compact French-to-English Marian translator on a few CPU cores, or on one GPU, for as long as there is time.

`python -m scripts.train_translator --help` lists the commands. The modules in the order of the work: `data` and
`figures` make sentence pairs, `prepare` packs them as token ids and calls `embeddings`; `batches`, `model`, `loss`
and `optimizer` are what `train` turns; `export` writes a checkpoint for transformers; `score` measures it.
"""
