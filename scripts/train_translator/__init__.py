"""Train a compact French-to-English Marian translator on a few CPU cores, or on one GPU, for as long as there is time.

`python -m scripts.train_translator --help` lists the commands. The modules in the order of the work: `data` and
`figures` make sentence pairs, `prepare` packs them as token ids (`packing`) and calls `embeddings`; `batches`,
`model`, `loss`, `optimizer` and `threads` are what `trainer` turns, `checkpoint` and `tensors` how its state survives;
`train` and `release` say how long and how fast; `export` writes a model for transformers; `score` measures it.
From `packing` on, all that training needs is torch, numpy and sentencepiece.
"""
