"""The program as its users meet it: a cold start, one article, a night's articles; and whether bytes stay the same."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from pipeline import backends, config, run
from pipeline.desk import Desk
from pipeline.document import Document
from pipeline.machine import share_heaps
from pipeline.readers import ReadOptions
from scripts import articles

_SEEDS = Path(__file__).parent.parent.parent / "seeds"


def cold(threads: int, times: int = 3) -> dict[str, Any]:
    """The business story of `seeds/`: from process start to files written, the models converted before."""
    command = [sys.executable, "-m", "pipeline", "run", str(_SEEDS / "business.txt"), "--quiet", "--out"]
    seconds: list[float] = []
    for _ in range(times + 1):  # the first one converts where need be, and warms the file cache
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            subprocess.run([*command, f"{folder}/out"], check=True, capture_output=True)
            seconds.append(time.perf_counter() - begun)
    return {"seconds": median(seconds[1:]), "first": seconds[0], "goal": "5 s"}


def article(threads: int, times: int = 5) -> dict[str, Any]:
    """An article of about 500 words to its translation and its summary, the models loaded and warm."""
    desk = Desk(config.load().overridden(run__threads=threads))
    desk(articles.article(10**6, 100))
    seconds: list[float] = []
    for number in range(times):
        text = articles.article(number, 490)
        begun = time.perf_counter()
        desk(text)
        seconds.append(time.perf_counter() - begun)
    return {"seconds": median(seconds), "slowest": max(seconds), "goal": "2 s on 2 cores"}


def night(threads: int, count: int, words: int) -> dict[str, Any]:
    """`depeche run` over so many generated articles in one JSON Lines file, reading and writing included."""
    share_heaps()  # as the command does
    with tempfile.TemporaryDirectory() as folder:
        total = articles.write(Path(folder, "in.jsonl"), count, words)
        settings = config.load().overridden(run__threads=threads)
        begun, worked = time.perf_counter(), time.process_time()
        run.run_folder([f"{folder}/in.jsonl"], Path(folder, "out"), settings, ReadOptions(), quiet=True)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    rates = {"words_per_s": total / seconds, "cpu_ms_per_article": 1000 * cpu / count}
    return {"articles": count, "words": total, "seconds": seconds, "cpu_seconds": cpu, **rates}


def overlap(threads: int, count: int, words: int) -> dict[str, Any]:
    """The same articles with 1, 2, 3 and 4 batches in flight: words a second of each."""
    rates: dict[str, float] = {}
    for flight in (1, 2, 3, 4):
        desk = Desk(config.load().overridden(run__threads=threads, run__in_flight=flight, run__batch_size=16))
        desk(articles.article(10**6, 100))
        documents = [Document(name, text) for name, text in articles.articles(count, words)]
        begun = time.perf_counter()
        list(desk.documents(documents))
        rates[str(flight)] = sum(len(d.text.split()) for d in documents) / (time.perf_counter() - begun)
    return {"words_per_s": rates}


def same(threads: int, count: int, backend: str, compute_type: str) -> dict[str, Any]:
    """Sentences alone, and in batches of 7 and of all: how many answers differ, and how many of their scores."""
    settings = config.load().translator.model_copy(update={"backend": backend, "compute_type": compute_type})
    model = backends.load(settings, "cpu", threads)
    sentences = (part for _, text in articles.articles(10**6) for part in text.replace("\n", " ").split(". "))
    texts = list(islice((t for t in sentences if 0 < model.count_tokens([t])[0] <= model.max_source_tokens), count))
    alone = [model.generate([text], settings.decoding)[0] for text in texts]
    found: dict[str, Any] = {"backend": backend, "compute_type": compute_type, "sentences": len(texts)}
    for size in (7, len(texts)):
        got = [h for at in range(0, len(texts), size) for h in model.generate(texts[at : at + size], settings.decoding)]
        pairs = list(zip(alone, got, strict=True))
        texts_differ, scores_differ = (
            sum(a.text != b.text for a, b in pairs),
            sum(a.score != b.score for a, b in pairs),
        )
        found[f"in batches of {size}"] = f"{texts_differ} texts and {scores_differ} scores differ"
    return found
