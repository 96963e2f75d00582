"""From bitext to a work folder: sentencepiece model, packed token ids, starting embeddings."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.hints import FILE as HINTS
from scripts.train_translator.batches import MAX_LENGTH, pack
from scripts.train_translator.data import GROUPS, NEWS, Pair, most_news_like, read
from scripts.train_translator.embeddings import joint_embeddings
from scripts.train_translator.figures import figures
from scripts.train_translator.hints import Hinter, dictionary, lemma_counts, table, write_table
from scripts.train_translator.model import EOS, UNK
from scripts.train_translator.pieces import load_pieces, vocabulary
from scripts.train_translator.tensors import save_tensors
from scripts.train_translator.variants import TEXTS, Variants, names_in

_FIGURES = 150_000
_NAMES = 5_000
# how much of a group teaches the pieces; news counts five times over
_PIECE_SHARES = {"europarl": 0.2, "law": 0.1, "mixed": 0.6, "prose": 1.0, "dictionary": 0.2, "news": 5.0, "words": 5.0}


def prepare(folder: Path, bitext: Path, *, pieces: int = 12_000, width: int = 320, seed: int = 1) -> dict[str, int]:
    """Write `spm.model` (kept if it is there), `<group>.npz`, `hints.tsv` and `embeddings.safetensors`.

    Returns the number of pairs of each group.

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
    lemmas = lemma_counts(source for name in TEXTS for source, _ in pairs[name])
    write_table(table(words, lemmas), folder / HINTS)
    variants = Variants(names_in(pairs["news"]), Hinter(words, lemmas, rng), rng)
    counts = {name: _pack(folder / f"{name}.npz", variants.of(name, group), model) for name, group in pairs.items()}
    vectors = joint_embeddings(folder, vocabulary(model), width)
    save_tensors(folder / "embeddings.safetensors", {"embeddings": vectors})
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
