"""The composition root: a configuration becomes stages, an engine carries documents through, a folder takes them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import backends, doctor
from pipeline.backends.checkpoint import locate, weight_hash
from pipeline.config import Config, SummarizerSettings
from pipeline.document import SCHEMA_VERSION, Document, Segment
from pipeline.engines.local import LocalEngine
from pipeline.languages.normalize import normalize
from pipeline.progress import watched
from pipeline.readers import Listing, ReadOptions, check_ids, find
from pipeline.readers import documents as read_documents
from pipeline.stage import Stage
from pipeline.stages.check import Check
from pipeline.stages.clean import Clean
from pipeline.stages.detect import Detect
from pipeline.stages.segment import SegmentSentences
from pipeline.stages.summarize import Summarize
from pipeline.stages.translate import Translate
from pipeline.summarization.article import Length
from pipeline.summarization.selection import Weights, load_weights
from pipeline.writers import Counts, ManifestData, ModelIdentity, RunFolder, signature

_CHANGE_BYTES = (
    "torch",
    "transformers",
    "ctranslate2",
    "sentencepiece",
    "py3langid",
    "trafilatura",
)  # libraries whose answers are in the output


def stages(config: Config) -> list[Stage]:
    """Return the main job, in the order in which a document goes through it."""
    return [*reading(config), translate(config), summarize(config), Check()]


def reading(config: Config) -> list[Stage]:
    """Return what happens before any model: clean, detect, segment."""
    detect = Detect(languages=config.detect.languages, other=config.detect.other)
    return [Clean(), detect, SegmentSentences()]


def translate(config: Config) -> Translate:
    """Return the translation stage of a configuration."""
    settings = config.translator
    return Translate(
        load=partial(backends.load, settings, config.run.device, config.run.threads),
        decoding=settings.decoding,
        languages=config.detect.languages,
        target_language=settings.target_language,
    )


def summarize(config: Config) -> Summarize:
    """Return the summarization stage of a configuration."""
    settings = config.summarizer
    return Summarize(
        load=partial(backends.load, settings, config.run.device, config.run.threads),
        decoding=settings.decoding,
        length=Length(settings.sentences, settings.words),
        headline=settings.headline,
        selector=_selector(settings),
    )


def _selector(settings: SummarizerSettings) -> Weights | None:
    """The weights lie beside the summarizer's own, and its hash names them too."""
    if settings.strategy != "select-rewrite":
        return None
    return load_weights(locate(settings.model, settings.revision) / "selector.json")


def engine(config: Config) -> LocalEngine:
    """Return the engine that a configuration asks for."""
    return LocalEngine(config.run.batch_size)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a test set in English; its own text where it could not be translated, and then why."""

    text: str
    failure: str | None = None


def lines(texts: Iterable[str], config: Config) -> Iterator[Line]:
    """Translate line by line: one line out for each line in, whatever it holds; for test sets.

    Nothing is taken for noise and no language is detected: every line is said to be in the first language
    of the configuration.
    """
    language = config.detect.languages[0]
    documents = (_one_line(number, text, language) for number, text in enumerate(texts, 1))
    translated = engine(config).run([SegmentSentences(languages=()), translate(config)], documents)
    return (_translated(document) for document in translated)


def _translated(document: Document) -> Line:
    if document.failure is not None:
        return Line(" ".join(document.text.split()), document.failure.reason)
    return Line(" ".join(document.translation.split()))


def _one_line(number: int, text: str, language: str) -> Document:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    source = normalize(text[start:end]).text
    segments = (Segment(start, end, "paragraph", source, 0, language=language, confidence=1.0),) if source else ()
    return Document(str(number), text, language=language, confidence=1.0, segments=segments)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: its counts, its signature, and one line for people."""

    counts: Counts
    signature: str
    line: str


def run_folder(
    inputs: Sequence[str], out: Path, config: Config, options: ReadOptions, fresh: bool = False, quiet: bool = False
) -> Outcome:
    """Run the main job over files and folders into an output folder.

    Raises:
        StartError: an input, the output folder, a setting or a model is not as it must be; nothing was done.
    """
    listing = find(inputs, replace(options, exclude=(*options.exclude, out)))
    check_ids(listing, options)
    facts = manifest_data(config)
    languages = config.detect.languages[0], config.translator.target_language
    started = time.time()
    with RunFolder(out, *languages, overwrite=fresh) as folder:
        for document in watched(documents(config, read_documents(listing, options)), _total(listing), quiet):
            folder.write(document)
        seconds = round(time.time() - started, 3)
        folder.finish(facts, {"started": round(started, 3), "seconds": seconds, "left_out": listing.note})
    return Outcome(folder.counts, facts.signature, _line(folder.counts, out, listing, facts.signature))


def _total(listing: Listing) -> int | None:
    """The number of documents where every file holds one; unknown where there are rows."""
    rows = any(file.suffix not in (".txt", ".md", ".html", ".htm", "") for file in listing.files)
    return None if rows else len(listing.files)


def _line(counts: Counts, out: Path, listing: Listing, signature: str) -> str:
    parts = [
        f"{counts.translated} translated",
        f"{counts.summarized} summarized",
        f"{counts.skipped} skipped",
        f"{counts.failed} failed",
    ]
    bare = counts.documents - counts.translated - counts.skipped - counts.failed
    parts += [f"{bare} without text"] if bare > 0 else []
    noun = "document" if counts.documents == 1 else "documents"
    notes = [f"{counts.documents} {noun}: {', '.join(parts)}; {counts.findings.total()} findings; written to {out}"]
    return "\n".join([*notes, *([listing.note] if listing.note else []), signature])


def manifest_data(config: Config) -> ManifestData:
    """Return what names a run: models with the hashes of their weights, settings, versions, and the signature.

    The signature has all that changes output bytes; `run` settings are left out, for they change none.
    """
    models = [
        ModelIdentity(task, settings.model, weight_hash(locate(settings.model, settings.revision)))
        for task, settings in (("translator", config.translator), ("summarizer", config.summarizer))
    ]
    settings = _decided(config).model_dump(mode="json", exclude={"run"})
    versions = {name: version for name, version in doctor.versions().items() if version}
    return ManifestData(models, settings, versions, _signature(models, settings, versions))


def _decided(config: Config) -> Config:
    """Return the configuration with every "auto" that changes output bytes decided for this machine."""
    models = {
        name: backends.resolved(getattr(config, name), config.run.device) for name in ("translator", "summarizer")
    }
    return config.model_copy(update=models)


def _signature(models: Sequence[ModelIdentity], settings: dict[str, Any], versions: dict[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    parts = {"depeche": versions["depeche"], "schema": SCHEMA_VERSION}
    parts |= {model.task: f"{model.name}@{model.sha256[:12]}" for model in models}
    return signature(
        parts | {"settings": digest[:12]} | {name: versions[name] for name in _CHANGE_BYTES if name in versions}
    )


def documents(config: Config, inputs: Iterable[Document], steps: Sequence[Stage] | None = None) -> Iterator[Document]:
    """Carry documents through the main job, or through `steps`."""
    return engine(config).run(stages(config) if steps is None else steps, inputs)
