"""From bitext to a work folder: sentencepiece model, packed token ids, starting embeddings."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pipeline.backends.hints import FILE as HINTS
from scripts.train_translator.batches import pack
from scripts.train_translator.data import GROUPS, NEWS, Pair, most_news_like, read, rough
from scripts.train_translator.embeddings import joint_embeddings
from scripts.train_translator.figures import figures
from scripts.train_translator.hints import Hinter, dictionary, lemma_counts, table, write_table
from scripts.train_translator.model import EOS, UNK
from scripts.train_translator.names import Names
from scripts.train_translator.substitution import shared_names, substitute

MAX_LENGTH = 110  # tokens of a side, end mark left out
_FIGURES = 150_000
_NAMES = 5_000
_SUBSTITUTED = 0.3  # share of the pairs of a group with one copy that get other figures and names
_COMMON = 3  # a name whose lower case is a word as often as this is no name
_TEXTS = ("europarl", "law", "mixed", "prose", "news", "words")  # sentences, not generated and not entries
# how much of a group teaches the pieces; news counts five times over
_PIECE_SHARES = {"europarl": 0.2, "law": 0.1, "mixed": 0.6, "prose": 1.0, "dictionary": 0.2, "news": 5.0, "words": 5.0}


def prepare(folder: Path, bitext: Path, *, pieces: int = 12_000, width: int = 320, seed: int = 1) -> dict[str, int]:
    """Write `spm.model` (kept if it is there), `<group>.npz` and `embeddings.pt`; return the pairs of each group.

    Raises:
        FileNotFoundError: the folder `bitext` has none of the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    pairs = collect(bitext, rng)
    model = folder / "spm.model"
    if not model.exists():
        learn_pieces(model, pairs, pieces, rng)
    words = dictionary(pairs["dictionary"])
    lemmas = lemma_counts(source for name in _TEXTS for source, _ in pairs[name])
    write_table(table(words, lemmas), folder / HINTS)
    variants = Variants(_names(pairs), Hinter(words, lemmas, rng), rng)
    counts = {name: _pack(folder / f"{name}.npz", variants.of(name, group), model) for name, group in pairs.items()}
    torch.save(joint_embeddings(folder, vocabulary(model), width), folder / "embeddings.pt")
    return counts


def collect(bitext: Path, rng: random.Random) -> dict[str, list[Pair]]:
    """Return the pairs of all groups, the generated ones among them."""
    pairs = {name: list(read(bitext, group.pattern, rng)) for name, group in GROUPS.items()}
    if not any(pairs.values()):
        raise FileNotFoundError(f"no bitext in {bitext}: give the folder that holds the .tsv.xz files")
    news = [pair for name in NEWS for pair in pairs[name]]
    for name, group in GROUPS.items():
        pairs[name] = most_news_like(pairs[name], news, group.keep, rng)
    names = [pair for pair in pairs["dictionary"] if pair[0][:1].isupper()][:_NAMES]
    pairs["figures"] = list(figures(min(_FIGURES, sum(map(len, pairs.values()))), names, rng))
    print({name: len(group) for name, group in pairs.items()}, flush=True)
    return pairs


def learn_pieces(model: Path, pairs: Mapping[str, list[Pair]], size: int, rng: random.Random) -> None:
    """Learn a joint vocabulary with byte fallback, digits one by one, the end mark 0 and the unknown piece 1."""
    import sentencepiece

    text = model.with_suffix(".txt")
    with text.open("w", encoding="utf-8") as file:
        for name, share in _PIECE_SHARES.items():
            file.writelines(f"{source}\n{target}\n" for source, target in _sampled(pairs[name], share, rng))
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(model.with_suffix("")),
        vocab_size=size,
        model_type="unigram",
        character_coverage=0.9999,
        byte_fallback=True,
        split_digits=True,
        input_sentence_size=1_000_000,
        shuffle_input_sentence=True,
        num_threads=os.cpu_count(),
        bos_id=-1,
        eos_id=EOS,
        unk_id=UNK,
        pad_id=-1,
        max_sentence_length=3000,
        hard_vocab_limit=False,  # a small corpus has fewer pieces than were asked for
        minloglevel=1,
    )
    text.unlink()


def _sampled(pairs: list[Pair], share: float, rng: random.Random) -> Iterable[Pair]:
    return pairs * int(share) if share >= 1 else (pair for pair in pairs if rng.random() < share)


@dataclass(frozen=True, slots=True)
class Variants:
    """What a model sees of the pairs: with other figures and names, with hints, and as rough as real input."""

    names: Names
    hinter: Hinter
    rng: random.Random

    def of(self, name: str, pairs: list[Pair]) -> list[Pair]:
        """Return all copies of a group's pairs; generated figures get hints alone, the dictionary none."""
        if name not in _TEXTS:
            return [self.hinter.hinted(pair) for pair in pairs] if name == "figures" else pairs
        group = GROUPS[name]
        shares = [0.0, *[1.0] * (group.copies - 1)] if group.copies > 1 else [_SUBSTITUTED]
        return [self._varied(pair, share, group.rough) for share in shares for pair in pairs]

    def _varied(self, pair: Pair, substituted: float, is_rough: bool) -> Pair:
        if self.rng.random() < substituted:
            pair = substitute(pair, self.names, self.rng)
        pair = self.hinter.hinted(pair)
        return rough(pair, self.rng) if is_rough else pair


def _names(pairs: Mapping[str, list[Pair]]) -> Names:
    """Names after the pattern of those in the news; what is also a common word is none."""
    common = Counter(word for source, _ in pairs["news"] for word in source.split() if word.islower())
    found = shared_names(pairs["news"])
    return Names(found, [name for name in found if common[name.lower()] >= _COMMON])


def _pack(path: Path, pairs: list[Pair], model: Path) -> int:
    processor, threads = load_pieces(model), os.cpu_count()
    sources = processor.encode([source for source, _ in pairs], num_threads=threads)
    targets = processor.encode([target for _, target in pairs], num_threads=threads)
    kept = [(s, t) for s, t in zip(sources, targets, strict=True) if _is_plausible(len(s), len(t))]
    tokens = pack(path, kept)
    print(f"{path.stem}: {len(kept)} pairs, {tokens / 1e6:.1f} M target tokens", flush=True)
    return len(kept)


def _is_plausible(source: int, target: int) -> bool:
    fits = 0 < source < MAX_LENGTH and 0 < target < MAX_LENGTH
    return fits and source < 2.5 * target + 8 and target < 2.5 * source + 8


def load_pieces(model: Path) -> Any:
    """Return the sentencepiece processor of a model file."""
    import sentencepiece

    return sentencepiece.SentencePieceProcessor(model_file=str(model))


def vocabulary(model: Path) -> int:
    """Return the number of pieces of a sentencepiece model."""
    return int(load_pieces(model).get_piece_size())
