"""Checkpoints of published sizes with random weights: what they say is noise, what they cost is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.backends.checkpoint import locate

SIZES = {"opus-mt": "marian", "bart-base": "bart"}
_SEEDS = Path(__file__).parent.parent.parent / "seeds" / "references"


def made(name: str, folder: Path) -> Path:
    """Return the checkpoint of a size ("opus-mt", "bart-base") in a folder, made if it is not there."""
    target = folder / name
    if not (target / "model.safetensors").is_file():
        target.mkdir(parents=True, exist_ok=True)
        (_marian if name == "opus-mt" else _bart)(target)
    return target


def _layers(width: int, inner: int, heads: int) -> dict[str, int]:
    sides = {"layers": 6, "ffn_dim": inner, "attention_heads": heads}
    return {"d_model": width} | {
        f"{side}_{key}": value for side in ("encoder", "decoder") for key, value in sides.items()
    }


def _marian(folder: Path) -> None:
    """As Helsinki-NLP/opus-mt-fr-en: 6 + 6 layers of 512, a vocabulary of 58,101; the pieces are the embedded ones'."""
    import torch
    import transformers

    own = locate("embedded:translator")
    size, vocabulary = 58_101, json.loads((own / "vocab.json").read_text(encoding="utf-8"))
    pieces = sorted((piece for piece in vocabulary if piece != "<pad>"), key=vocabulary.__getitem__)
    pieces += [f"▁{number}" for number in range(size) if f"▁{number}" not in vocabulary][: size - 1 - len(pieces)]
    ids = {piece: index for index, piece in enumerate([*pieces, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
    for file in ("source.spm", "target.spm", "tokenizer_config.json"):
        (folder / file).write_bytes((own / file).read_bytes())
    torch.manual_seed(1)
    config = transformers.MarianConfig(
        vocab_size=size, max_position_embeddings=512, pad_token_id=size - 1, eos_token_id=ids["</s>"], bos_token_id=0,
        decoder_start_token_id=size - 1, scale_embedding=True, **_layers(512, 2048, 8),
    )  # fmt: skip
    transformers.MarianMTModel(config).eval().save_pretrained(folder)


def _bart(folder: Path) -> None:
    """As facebook/bart-base: 6 + 6 layers of 768, a vocabulary of 50,265."""
    import torch
    import transformers

    size = 50_265
    vocabulary, merges = _byte_pairs()
    vocabulary |= {f"filler{number}": len(vocabulary) + number for number in range(size - len(vocabulary))}
    tokenizer = transformers.BartTokenizer(vocab=vocabulary, merges=merges, model_max_length=1024)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.BartConfig(vocab_size=size, max_position_embeddings=1024, **_layers(768, 3072, 12))
    transformers.BartForConditionalGeneration(config).eval().save_pretrained(folder)


def _byte_pairs() -> tuple[dict[str, int], list[Any]]:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=8000,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    lines = (path.read_text(encoding="utf-8") for path in sorted(_SEEDS.iterdir()))
    tokenizer.train_from_iterator(lines, trainer)
    trained = json.loads(tokenizer.to_str())["model"]
    return trained["vocab"], [tuple(merge) for merge in trained["merges"]]
