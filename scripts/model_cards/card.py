"""A model card: what people wrote and what was measured, put together. No number is written here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

from pipeline.backends.checkpoint import weight_hash
from pipeline.errors import InputError
from scripts.model_cards.facts import Facts, Peers
from scripts.model_cards.markdown import code, front_matter, section, table
from scripts.model_cards.release import Release

PEERS = Path(__file__).with_name("peers.toml")


def card(model: str, facts: Facts, release: Release, folder: Path) -> str:
    """Return the card of the model in `folder`, "translator" or "summarizer".

    Raises:
        InputError: the scores are of other weights than those in the folder, or a group has no source.
    """
    if release.scores["models"][model]["weights"] != weight_hash(folder):
        raise InputError(f"the scores are not of the weights in {folder}: run scripts.evaluate_models --json again")
    scores = _translations(release) if model == "translator" else _summaries(release)
    parts = [
        front_matter(facts.front_matter),
        f"# {facts.title}",
        *facts.lead,
        _size(folder),
        scores,
        section("Training text", facts.training.sources_note, _sources(facts, release)),
        _training(facts, release),
        section("Known weaknesses", *facts.weaknesses, _examples(release) if model == "translator" else ""),
        section("Not for", *facts.not_for),
    ]
    return "\n\n".join(parts) + "\n"


def _size(folder: Path) -> str:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = folder / "model.safetensors"
    millions = sum(prod(shape) for shape in _shapes(weights)) / 1e6
    layers = f"{config['encoder_layers']} encoder and {config['decoder_layers']} decoder layers"
    heads, width = config["encoder_attention_heads"], config["d_model"]
    parts = f"width {width}, {layers}, {heads} heads, {config['vocab_size']:,} pieces"
    return f"{millions:.1f} million parameters ({parts}), {weights.stat().st_size / 1e6:.1f} MB of safetensors."


def _shapes(path: Path) -> Iterator[Sequence[int]]:
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    yield from (entry["shape"] for name, entry in header.items() if name != "__metadata__")


def _translations(release: Release) -> str:
    rows, peers = release.scores["translations"], Peers.read(PEERS)
    head = ["test set", "lines", "BLEU", "chrF2", "keep all figures", *peers.systems.values()]
    body = [[*_measured(row), *(peers.sets.get(row["name"], {}).get(name) for name in peers.systems)] for row in rows]
    signatures = sorted({row[f"{kind}_signature"] for row in rows for kind in ("bleu", "chrf")})
    notes = [peers.sets[row["name"]]["note"] for row in rows if "note" in peers.sets.get(row["name"], {})]
    return section(
        "Scores",
        _engine(release, "translator") + " `keep all figures` is the share of the sentences with digits that do.",
        table(head, body),
        "Signatures: " + ", ".join(f"`{signature}`" for signature in signatures) + ".",
        " ".join([f"The peers' BLEU is as published ({peers.source}; {peers.how}).", *notes]),
        _report(release, "lists", "Lists of sentences with figures and with names that nobody has heard of:"),
    )


def _measured(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["name"], f"{row['lines']:,}", f"{row['bleu']:.1f}", f"{row['chrf']:.1f}", f"{row['kept']:.1%}"


def _summaries(release: Release) -> str:
    return section(
        "Scores",
        _engine(release, "summarizer"),
        _report(release, "summaries", "English articles, beside their lead:"),
        _report(release, "seeds", "The seed articles, through the translator, beside the lead of its translation:"),
    )


def _engine(release: Release, model: str) -> str:
    used = release.scores["models"][model]
    return f"{used['compute_type']} through {used['backend']}, beam {used['beam_size']}, with the guards of Dépêche."


def _report(release: Release, name: str, title: str) -> str:
    lines = release.scores["reports"].get(name)
    return f"{title}\n\n{code(lines)}" if lines else ""


def _sources(facts: Facts, release: Release) -> str:
    unknown = release.groups.keys() - {source.name for source in facts.sources}
    if unknown:
        raise InputError(f"no source is told for the training group {sorted(unknown)[0]!r}: add it to the card's TOML")
    branches = any(group.release is not None for group in release.groups.values())
    head = ["group", "what", "licence as stated", "at hand", "pairs used", "passes in an epoch"]
    rows = []
    for source in facts.sources:
        group = release.groups.get(source.name)
        if group:
            at_hand = None if source.at_hand is None else f"{source.at_hand:,}"
            passes = f"{group.training:g}" + (f" (release {group.release:g})" if branches else "")
            rows.append([source.name, source.what, source.licence, at_hand, f"{group.pairs:,}", passes])
    return table(head, rows)


def _training(facts: Facts, release: Release) -> str:
    history = release.history
    trunk, branch = history.hours
    hours = f"{trunk:.1f} hours" + (f" and {branch:.1f} for the release" if branch else "")
    return section(
        "Training",
        code(facts.training.commands),
        f"{hours}, {history.tokens:.1f} million target tokens, by the log. {facts.training.hardware}",
        facts.training.method,
        "![Loss and development score over target tokens](curve.svg)",
    )


def _examples(release: Release) -> str:
    worst = [tuple(example) for row in release.scores["translations"] for example in row["worst"]]
    title = "The sentences of the seed articles that it translated worst, by chrF2:"
    return f"{title}\n\n{table(['French', 'what it wrote', 'reference'], worst)}" if worst else ""
