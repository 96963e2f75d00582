"""The same sentences through the same weights, five ways; each function here runs in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline import backends, config, readers, run
from pipeline.backends.checkpoint import locate
from pipeline.backends.conversion import converted
from pipeline.backends.hints import hints_beside, with_hints
from pipeline.backends.pieces import tokenizer as pieces_of
from pipeline.config import Device, ModelSettings
from pipeline.document import Document, Segment
from pipeline.engines.local import LocalEngine
from pipeline.seq2seq import Decoding
from scripts.articles import articles

BEAM = 4
SEEDS = Path(__file__).parent.parent.parent / "seeds"


@dataclass(frozen=True, slots=True)
class Task:
    """What is measured: a checkpoint, how many sentences, the threads, and the forced length of an answer (0: none)."""

    model: str
    sentences: int
    threads: int
    device: Device
    forced: int = 0
    inputs: str = "sentences"
    most: int = 110  # source tokens

    @property
    def decoding(self) -> Decoding:
        return Decoding(beam_size=BEAM, max_new_tokens=self.forced, min_new_tokens=self.forced)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a measurement gives."""

    words: int
    wall: float
    cpu: float
    detail: str = ""


def timed(work: Callable[[], Any], words: int, detail: str = "") -> Rate:
    """Run once, and count wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Rate(words, time.perf_counter() - wall, time.process_time() - cpu, detail)


def texts(task: Task) -> list[str]:
    """Return the inputs: sentences of generated articles that the model can read, or of the seeds as they are, or
    beginnings of articles."""
    if task.inputs == "articles":
        return [" ".join(text.split()[:240]) for _, text in articles(task.sentences)]
    given = (segment.source for document in _read(task) for segment in document.segments if segment.role == "paragraph")
    model = backends.load(config.load().translator, "cpu", 1)
    return list(islice((text for text in given if model.count_tokens([text])[0] <= task.most), task.sentences))


def _read(task: Task) -> Iterator[Document]:
    generated = (Document(name, text) for name, text in articles(10**6))
    documents = readers.read(str(SEEDS)) if task.inputs == "seeds" else generated
    return LocalEngine(8).run(run.reading(config.load()), documents)


def _words(inputs: Sequence[str]) -> int:
    return sum(len(text.split()) for text in inputs)


def _transformers(task: Task) -> tuple[Any, Any]:
    import torch
    import transformers

    torch.set_num_threads(task.threads)
    folder = locate(task.model)
    dtype = torch.float16 if task.device == "cuda" else torch.float32
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=dtype).to(task.device).eval()
    return model, tokenizer


def _generate(model: Any, tokenizer: Any, inputs: Sequence[str], task: Task) -> list[str]:
    import torch

    length: dict[str, Any] = {"max_new_tokens": task.forced or 256}
    if task.forced:
        length["min_new_tokens"] = task.forced
    with torch.inference_mode():
        batch = tokenizer(list(inputs), return_tensors="pt", padding=True).to(model.device)
        answers: list[str] = tokenizer.batch_decode(
            model.generate(**batch, num_beams=BEAM, do_sample=False, **length), skip_special_tokens=True
        )
    return answers


def loop(task: Task) -> Rate:
    """(a) The loop of the model cards: transformers `generate`, one text after the other; text in, text out."""
    inputs = texts(task)
    model, tokenizer = _transformers(task)
    _generate(model, tokenizer, inputs[:1], task)
    return timed(lambda: [_generate(model, tokenizer, [text], task) for text in inputs], _words(inputs))


def batched(task: Task) -> Rate:
    """(b) transformers `generate` in batches of 32, longest first; text in, text out."""
    inputs = sorted(texts(task), key=len, reverse=True)
    model, tokenizer = _transformers(task)
    _generate(model, tokenizer, inputs[:1], task)
    starts = range(0, len(inputs), 32)
    return timed(lambda: [_generate(model, tokenizer, inputs[s : s + 32], task) for s in starts], _words(inputs))


def bare(task: Task) -> Rate:
    """(c) CTranslate2 alone: the pieces that our backend gives it in, pieces out, the best of four batch sizes."""
    import json

    import ctranslate2

    inputs, folder = texts(task), locate(task.model)
    facts = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    sources = pieces_of(folder, facts, "fr", "en", "").encode(hinted(inputs, folder))
    kind = "float16" if task.device == "cuda" else "int8"
    translator = ctranslate2.Translator(
        str(converted(folder, kind)),
        device=task.device,
        compute_type=kind,
        inter_threads=1 if task.device == "cuda" else task.threads,
        intra_threads=1,
        max_queued_batches=-1,
    )
    bounds = {"max_decoding_length": task.forced or 256, "min_decoding_length": task.forced or 1}
    options = {"beam_size": BEAM, "batch_type": "tokens", "max_input_length": 0, "return_scores": True, **bounds}
    translator.translate_batch(sources[:1], **options)

    def measured(size: int) -> Rate:
        work = partial(translator.translate_batch, sources, max_batch_size=size, **options)
        return timed(work, _words(inputs), f"{size} tokens")

    return min(map(measured, (512, 1024, 2048, 4096)), key=lambda rate: rate.wall)


def hinted(inputs: Sequence[str], folder: Path) -> list[str]:
    """Return the texts with the hints that the checkpoint's table has for their words, if there is a table."""
    table = hints_beside(folder) or {}
    return [with_hints(text, table.get) for text in inputs]


def backend(task: Task, name: str) -> Rate:
    """(d) Our backend: text in, first hypotheses with their scores out."""
    inputs = texts(task)
    settings = ModelSettings(model=task.model, backend=name, max_source_tokens=None)
    model = backends.load(settings, task.device, task.threads)
    model.generate(inputs[:1], task.decoding)
    return timed(lambda: model.generate(inputs, task.decoding), _words(inputs))


def stage(task: Task, name: str) -> Rate:
    """(d) Our translation stage: records in, records out, with guards, the ladder and the repair of figures.

    Each generated sentence names somebody unheard of; those of the seeds are as they were written.
    """
    inputs = texts(task)
    changes = {"translator__backend": name, "run__threads": task.threads, "run__device": task.device}
    step = run.translate(config.load().overridden(**changes))
    step.setup()
    step.process([_document(["Il pleut."])])
    documents = [_document(inputs[start : start + 20]) for start in range(0, len(inputs), 20)]
    kept: list[Document] = []
    rate = timed(lambda: kept.extend(step.process(documents)), _words(inputs))
    doubted = sum(bool(s.verdicts[0].problems) for d in kept for s in d.segments)
    return Rate(**{**asdict(rate), "detail": f"{doubted} of {len(inputs)} tried again"})


def _document(sentences: Sequence[str]) -> Document:
    segments = tuple(Segment(0, 0, "paragraph", text, 0, language="fr") for text in sentences)
    return Document("1", "", segments=segments, language="fr")


CONTESTANTS: dict[str, Callable[[Task], Rate]] = {
    "a loop": loop,
    "b transformers in batches": batched,
    "c bare CTranslate2": bare,
    "d backend on CTranslate2": lambda task: backend(task, "ctranslate2"),
    "d backend on transformers": lambda task: backend(task, "transformers"),
    "d stage on CTranslate2": lambda task: stage(task, "ctranslate2"),
    "d stage on CTranslate2, seeds": lambda task: stage(replace(task, inputs="seeds"), "ctranslate2"),
    "d stage on transformers": lambda task: stage(task, "transformers"),
}


def describe(name: str) -> str:
    """Return the boundary of a contestant: what goes in and what comes out while the clock runs."""
    call = {"d backend": backend, "d stage": stage}.get(name[: name.find(" on")] if " on" in name else "")
    return ((call or CONTESTANTS[name]).__doc__ or "").splitlines()[0]


def checkpoint_of(name: str, folder: Path) -> str:
    """Return what to call a model: the embedded translator, or random weights made in a folder."""
    from scripts.bench.weights import made

    return "embedded:translator" if name == "embedded" else str(made(name, folder))
