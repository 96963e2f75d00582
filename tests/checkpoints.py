"""Tiny random checkpoints of the real architectures, made by the tests and loaded by the real loading code."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import sentencepiece as spm
import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TEXT = """Le maire de Lyon a annoncé lundi que la ville ouvrirait douze écoles avant la fin de l'année.
The mayor of Lyon announced on Monday that the city would open twelve schools before the end of the year.
Selon la Banque de France, la croissance a atteint 2,5 % au premier trimestre, contre 1,9 % un an plus tôt.
According to the central bank, growth reached 2.5% in the first quarter, against 1.9% a year earlier.
« Nous avons perdu trois jours », regrette Mme Arnaud, qui dirige l'entreprise depuis 2014.
"We lost three days," says Ms Arnaud, who has run the company since 2014.
Les pompiers sont intervenus à 14 h 30 ; personne n'a été blessé, selon la préfecture.
Firefighters arrived at 2:30 p.m.; nobody was injured, according to the prefecture."""

_ENCODER_DECODER = {
    "d_model": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
}


@cache
def sentencepiece_model(size: int = 300, **ids: int) -> bytes:
    """Train a sentencepiece model on a few lines of French and English."""
    stream = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT.splitlines() * 3),
        model_writer=stream,
        vocab_size=size,
        model_type="unigram",
        hard_vocab_limit=False,
        byte_fallback=False,
        minloglevel=2,
        **ids,
    )
    return stream.getvalue()


def _pieces(model: bytes) -> list[str]:
    processor = spm.SentencePieceProcessor(model_proto=model)
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def _save(model: Any, folder: Path) -> Path:
    model.eval().save_pretrained(folder)
    return folder


def marian(folder: Path) -> Path:
    """Marian as opus-mt has it: two sentencepiece files, a vocabulary, padding as the last id."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = sentencepiece_model(bos_id=-1, eos_id=0, unk_id=1, pad_id=-1)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(pieces)
    vocabulary = {piece: index for index, piece in enumerate([*_pieces(pieces), "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    tokenizer = {
        "source_lang": "fr",
        "target_lang": "en",
        "tokenizer_class": "MarianTokenizer",
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    pad = len(vocabulary) - 1
    torch.manual_seed(3)
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary), max_position_embeddings=64, pad_token_id=pad, eos_token_id=0, bos_token_id=0,
        decoder_start_token_id=pad, forced_eos_token_id=0, scale_embedding=True, **_ENCODER_DECODER,
    )  # fmt: skip
    return _save(transformers.MarianMTModel(config), folder)


def _bpe(byte_level: bool) -> tuple[dict[str, int], list[Any]]:
    """Train byte-pair merges on the lines above; return vocabulary and merges."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = (
        pre_tokenizers.ByteLevel(add_prefix_space=False) if byte_level else pre_tokenizers.Metaspace()
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet() if byte_level else []
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT.splitlines(), trainer)
    trained = json.loads(tokenizer.to_str())["model"]
    return trained["vocab"], [tuple(merge) for merge in trained["merges"]]


def _scored(size: int = 300, **ids: int) -> list[tuple[str, float]]:
    processor = spm.SentencePieceProcessor(model_proto=sentencepiece_model(size, **ids))
    return [(processor.id_to_piece(index), processor.get_score(index)) for index in range(processor.get_piece_size())]


def _ids(tokenizer: Any, start: int) -> dict[str, int]:
    return {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.pad_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "decoder_start_token_id": start,
    }


def bart(folder: Path) -> Path:
    """BART with byte-level BPE."""
    vocabulary, merges = _bpe(byte_level=True)
    tokenizer = transformers.BartTokenizer(vocab=vocabulary, merges=merges, model_max_length=128)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = transformers.BartConfig(
        max_position_embeddings=128, bos_token_id=tokenizer.bos_token_id, forced_eos_token_id=tokenizer.eos_token_id,
        **_ids(tokenizer, tokenizer.eos_token_id), **_ENCODER_DECODER,
    )  # fmt: skip
    return _save(transformers.BartForConditionalGeneration(config), folder)


def pegasus(folder: Path) -> Path:
    """PEGASUS with its offset vocabulary."""
    tokenizer = transformers.PegasusTokenizer(
        vocab=_scored(pad_id=0, eos_id=1, unk_id=2, bos_id=-1), offset=0, model_max_length=128
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = transformers.PegasusConfig(
        max_position_embeddings=128, **_ids(tokenizer, tokenizer.pad_token_id), **_ENCODER_DECODER
    )
    return _save(transformers.PegasusForConditionalGeneration(config), folder)


def t5(folder: Path) -> Path:
    """T5 (MADLAD-400 has the same architecture): relative positions, a text prefix for the task."""
    tokenizer = transformers.T5Tokenizer(
        vocab=_scored(pad_id=0, eos_id=1, unk_id=2, bos_id=-1), extra_ids=4, model_max_length=128
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = transformers.T5Config(
        d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1, num_heads=2, n_positions=128, dropout_rate=0.0,
        **_ids(tokenizer, tokenizer.pad_token_id),
    )  # fmt: skip
    return _save(transformers.T5ForConditionalGeneration(config), folder)


def nllb(folder: Path) -> Path:
    """NLLB-200: the M2M100 architecture with language tokens such as fra_Latn."""
    vocabulary, merges = _bpe(byte_level=False)
    tokenizer = transformers.NllbTokenizer(vocab=vocabulary, merges=merges, src_lang="fra_Latn", model_max_length=128)
    tokenizer.save_pretrained(folder)
    return _m2m(tokenizer, len(tokenizer), folder)


def m2m100(folder: Path) -> Path:
    """M2M100: a JSON vocabulary beside a sentencepiece model, language tokens such as __fr__."""
    folder.mkdir(parents=True, exist_ok=True)
    pieces = sentencepiece_model(bos_id=0, pad_id=1, eos_id=2, unk_id=3)
    (folder / "sentencepiece.bpe.model").write_bytes(pieces)
    (folder / "vocab.json").write_text(json.dumps({p: i for i, p in enumerate(_pieces(pieces))}), encoding="utf-8")
    tokenizer = transformers.M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), src_lang="fr", model_max_length=128
    )
    tokenizer.save_pretrained(folder)
    return _m2m(tokenizer, tokenizer.get_lang_id("zu") + 9, folder)  # eight made-up words, as published models have


def _m2m(tokenizer: Any, size: int, folder: Path) -> Path:
    torch.manual_seed(3)
    ids = _ids(tokenizer, tokenizer.eos_token_id) | {"vocab_size": size}
    config = transformers.M2M100Config(
        max_position_embeddings=128, bos_token_id=tokenizer.bos_token_id, **ids, **_ENCODER_DECODER
    )
    return _save(transformers.M2M100ForConditionalGeneration(config), folder)


def mbart(folder: Path) -> Path:
    """mBART-50, language tokens such as fr_XX."""
    tokenizer = transformers.MBart50Tokenizer(
        vocab=_scored(bos_id=0, pad_id=1, eos_id=2, unk_id=3), src_lang="fr_XX", model_max_length=128
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = transformers.MBartConfig(
        max_position_embeddings=128, **_ids(tokenizer, tokenizer.eos_token_id), **_ENCODER_DECODER
    )
    return _save(transformers.MBartForConditionalGeneration(config), folder)


MAKERS = {"marian": marian, "nllb": nllb, "m2m100": m2m100, "mbart": mbart, "t5": t5, "bart": bart, "pegasus": pegasus}
