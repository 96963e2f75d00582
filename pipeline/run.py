"""The composition root: a configuration becomes stages, an engine carries documents through, a folder takes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from pipeline import backends, doctor, languages
from pipeline.backends.checkpoint import locate, weight_hash
from pipeline.config import Config, SummarizerSettings
from pipeline.document import SCHEMA_VERSION, Document, Segment
from pipeline.engines.local import LocalEngine
from pipeline.languages.normalize import normalize
from pipeline.machine import cores
from pipeline.plan import Intake, make_plan
from pipeline.progress import watched
from pipeline.readers import ReadOptions, find
from pipeline.remembering import memory
from pipeline.session import Outcome, Session, nothing_to_do, stopped_early
from pipeline.stage import Stage
from pipeline.stages.check import Check
from pipeline.stages.clean import Clean
from pipeline.stages.detect import Detect
from pipeline.stages.segment import SegmentSentences
from pipeline.stages.summarize import Summarize
from pipeline.stages.translate import Translate
from pipeline.stopping import Stop
from pipeline.summarization.article import Length
from pipeline.summarization.selection import Weights, load_weights
from pipeline.work import Work
from pipeline.writers import Counts, Hold, ManifestData, ModelIdentity, RunFolder, signature

_CHANGE_BYTES = (
    "torch",
    "transformers",
    "ctranslate2",
    "sentencepiece",
    "py3langid",
    "simplemma",
    "trafilatura",
)  # libraries whose answers are in the output


_RULES_OF = {"furniture": "cleaner", "hyphenation": "cleaner", "sentences": "splitter"}  # by topic


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
        remember=partial(memory, config),
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
    return LocalEngine(config.run.batch_size, config.run.in_flight or min(4, cores() + 1))


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


def run_folder(
    inputs: Sequence[str],
    out: Path,
    config: Config,
    options: ReadOptions,
    fresh: bool = False,
    quiet: bool = False,
    stop: Stop | None = None,
) -> Outcome:
    """Run the main job over files and folders into an output folder; every document is done exactly once.

    Where the folder holds a run with the same settings that was cut off, or one over fewer documents, this goes on
    with it; where it holds this very run, finished, nothing is done. `fresh` starts over. `stop` may end it early.
    A finished run is scored where the configuration has gates; a shut gate makes the exit code 1.

    Raises:
        StartError: an input, the output folder, a setting or a model is not as it must be.
        ResourceError: memory ran out; what was done until then is safe.
    """
    outcome = _carried_out(inputs, out, config, options, fresh, quiet, stop or Stop())
    return outcome if outcome.was_stopped else _held_against_gates(outcome, out, config)


def _held_against_gates(outcome: Outcome, out: Path, config: Config) -> Outcome:
    """The run has let go of its folder by now: scores are written beside it."""
    if not config.gates:
        return outcome
    from pipeline.evaluation.gating import gated  # its metrics take a while to import

    found = gated(out, config.gates)
    line = "\n".join([outcome.line, *found.lines])
    return replace(outcome, line=line, exit_code=max(outcome.exit_code, found.exit_code))


def _carried_out(
    inputs: Sequence[str], out: Path, config: Config, options: ReadOptions, fresh: bool, quiet: bool, stop: Stop
) -> Outcome:
    listing = find(inputs, replace(options, exclude=(*options.exclude, out)))
    facts = manifest_data(config, options)
    with Hold(out, overwrite=True) as hold:
        work = Work(hold, facts, fresh, config.run.shard_size)
        plan = make_plan(listing, options, lambda: stop.requested)
        if plan is None:
            return stopped_early(stop, facts.signature)
        if (found := work.finished(plan)) is not None:
            return nothing_to_do(Counts.from_dict(found["counts"]), out, facts.signature)
        work.begin(plan)
        intake = Intake(plan, listing, options, work.is_done, lambda: stop.requested)
        session = Session(work, intake, stop, out, facts.signature, fresh)
        if not session.is_complete:
            session.do(watched(documents(config, intake), len(plan), quiet, session.before))
        source, target = config.detect.languages[0], config.translator.target_language
        return session.put_together(RunFolder(out, source, target, hold=hold), facts, listing.note)


def manifest_data(config: Config, options: ReadOptions | None = None) -> ManifestData:
    """Return what names a run: models with the hashes of their weights, settings, versions, and the signature.

    The signature has all that changes what becomes of a document; `run` settings are left out, for they change
    nothing, and so is how the inputs are read, for that changes which documents there are.
    """
    models = [
        ModelIdentity(task, settings.model, weight_hash(locate(settings.model, settings.revision)))
        for task, settings in (("translator", config.translator), ("summarizer", config.summarizer))
    ]
    settings = _decided(config).model_dump(mode="json", exclude={"run"})
    versions = {name: version for name, version in doctor.versions().items() if version}
    parts = _parts(models, settings, versions)
    reading = {name: value for name, value in asdict(options or ReadOptions()).items() if name != "exclude"}
    return ManifestData(models, settings, versions, signature(parts), parts, reading)


def _decided(config: Config) -> Config:
    """Return the configuration with every "auto" that changes output bytes decided for this machine."""
    models = {
        name: backends.resolved(getattr(config, name), config.run.device) for name in ("translator", "summarizer")
    }
    return config.model_copy(update=models)


def _parts(models: Sequence[ModelIdentity], settings: dict[str, Any], versions: dict[str, str]) -> dict[str, str]:
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    parts = {"depeche": versions["depeche"], "schema": str(SCHEMA_VERSION)}
    parts |= _rules()
    parts |= {model.task: f"{model.name}@{model.sha256[:12]}" for model in models}
    parts["settings"] = digest[:12]
    return parts | {name: versions[name] for name in _CHANGE_BYTES if name in versions}


@cache
def _rules() -> dict[str, str]:
    """Return a digest of the language rules of the cleaner, of the sentence splitter, and of all else."""
    digests = {"cleaner": hashlib.sha256(), "splitter": hashlib.sha256(), "rules": hashlib.sha256()}
    for path in sorted(Path(languages.__file__).parent.glob("*/*.toml")):
        digest = digests[_RULES_OF.get(path.stem, "rules")]
        digest.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
    return {name: digest.hexdigest()[:8] for name, digest in digests.items()}


def documents(config: Config, inputs: Iterable[Document], steps: Sequence[Stage] | None = None) -> Iterator[Document]:
    """Carry documents through the main job, or through `steps`."""
    return engine(config).run(stages(config) if steps is None else steps, inputs)
