"""Write a model as a folder that AutoModelForSeq2SeqLM, AutoTokenizer and CTranslate2's converter take as it is.

None of these libraries is needed for it: the files are those that transformers 5 would write of a MarianMTModel.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from scripts.train_translator.model import EOS, POSITIONS, Marian
from scripts.train_translator.pieces import load_pieces
from scripts.train_translator.tensors import save_tensors


def export(model: Marian, pieces: Path, out: Path, languages: tuple[str, str] = ("fr", "en")) -> None:
    """Write half-precision weights, configuration and tokenizer of `model` to the folder `out`.

    `pieces` is its sentencepiece model. Beam 4 and at most 512 tokens become the generation's defaults.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(pieces, out / name)
    _write_json(out / "vocab.json", _vocabulary(pieces, model.pad), None)
    _write_json(out / "tokenizer_config.json", _tokenizer(languages), None)
    _write_json(out / "generation_config.json", _generation(model.pad))
    _write_json(out / "config.json", _configuration(model))
    save_tensors(out / "model.safetensors", _weights(model), {"format": "pt"})
    print(f"exported to {out}", flush=True)


def _weights(model: Marian) -> dict[str, torch.Tensor]:
    """The output matrix is the embeddings; the bias that Marian adds to its scores is zero."""
    weights = {"model." + name: tensor for name, tensor in model.state_dict().items()}
    weights["final_logits_bias"] = torch.zeros(1, model.pad + 1)
    return {name: tensor.half() for name, tensor in weights.items()}


def _configuration(model: Marian) -> dict[str, Any]:
    shape, pad = model.shape, model.pad
    dropouts = ("activation_dropout", "attention_dropout", "decoder_layerdrop", "dropout", "encoder_layerdrop")
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "is_encoder_decoder": True,
        "vocab_size": pad + 1,
        "decoder_vocab_size": pad + 1,
        "d_model": shape.d,
        "encoder_layers": shape.encoder,
        "decoder_layers": shape.decoder,
        "encoder_ffn_dim": 4 * shape.d,
        "decoder_ffn_dim": 4 * shape.d,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "activation_function": "relu",
        "init_std": 0.02,
        "max_position_embeddings": POSITIONS,
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "use_cache": True,
        "dtype": "float16",
        **dict.fromkeys(dropouts, 0.0),
        **_marks(pad),
    }


def _generation(pad: int) -> dict[str, Any]:
    return {**_marks(pad), "bad_words_ids": [[pad]], "num_beams": 4, "max_length": POSITIONS, "use_cache": True}


def _marks(pad: int) -> dict[str, int]:
    return {
        "bos_token_id": EOS,
        "eos_token_id": EOS,
        "forced_eos_token_id": EOS,
        "pad_token_id": pad,
        "decoder_start_token_id": pad,
    }


def _vocabulary(pieces: Path, pad: int) -> dict[str, int]:
    processor = load_pieces(pieces)
    return {**{processor.id_to_piece(number): number for number in range(pad)}, "<pad>": pad}


def _tokenizer(languages: tuple[str, str]) -> dict[str, Any]:
    return {
        "source_lang": languages[0],
        "target_lang": languages[1],
        "tokenizer_class": "MarianTokenizer",
        "eos_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": POSITIONS,
        "separate_vocabs": False,
    }


def _write_json(path: Path, value: dict[str, Any], indent: int | None = 2) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent), encoding="utf-8")
