"""Write a model as a folder that AutoModelForSeq2SeqLM, AutoTokenizer and CTranslate2's converter take as it is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from scripts.train_translator.model import EOS, POSITIONS, Marian

_TIED = ("embed", "lm_head", "final_logits_bias")


def export(model: Marian, pieces: Path, out: Path, languages: tuple[str, str] = ("fr", "en")) -> None:
    """Write half-precision weights, configuration and tokenizer of `model` to the folder `out`.

    `pieces` is its sentencepiece model. Beam 4 and at most 512 tokens become the generation's defaults.

    Raises:
        RuntimeError: a weight of the architecture is missing or unknown.
    """
    out.mkdir(parents=True, exist_ok=True)
    _transformers_model(model).half().save_pretrained(out)
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(pieces, out / name)
    _write_json(out / "vocab.json", _vocabulary(pieces, model.pad))
    _write_json(out / "tokenizer_config.json", _tokenizer(languages))
    print(f"exported to {out}", flush=True)


def _transformers_model(model: Marian) -> Any:
    from transformers import MarianMTModel

    twin = MarianMTModel(_configuration(model))
    weights = {"model." + name: tensor.cpu() for name, tensor in model.state_dict().items()}
    answer = twin.load_state_dict(weights, strict=False)
    left = [key for key in answer.missing_keys if not any(part in key for part in _TIED)]
    if left or answer.unexpected_keys:
        raise RuntimeError(f"weights missing: {left}, unknown: {answer.unexpected_keys}")
    for place in (twin.model.encoder.embed_tokens, twin.model.decoder.embed_tokens, twin.lm_head):
        place.weight = twin.model.shared.weight
    return twin


def _configuration(model: Marian) -> Any:
    from transformers import MarianConfig

    shape, pad = model.shape, model.pad
    return MarianConfig(
        vocab_size=pad + 1,
        d_model=shape.d,
        encoder_layers=shape.encoder,
        decoder_layers=shape.decoder,
        encoder_ffn_dim=4 * shape.d,
        decoder_ffn_dim=4 * shape.d,
        encoder_attention_heads=shape.heads,
        decoder_attention_heads=shape.heads,
        activation_function="relu",
        max_position_embeddings=POSITIONS,
        scale_embedding=True,
        tie_word_embeddings=True,
        share_encoder_decoder_embeddings=True,
        dropout=0.0,
        pad_token_id=pad,
        eos_token_id=EOS,
        bos_token_id=EOS,
        decoder_start_token_id=pad,
        forced_eos_token_id=EOS,
        bad_words_ids=[[pad]],
        num_beams=4,
        max_length=POSITIONS,
    )


def _vocabulary(pieces: Path, pad: int) -> dict[str, int]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
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


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
