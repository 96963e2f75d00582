"""sacreBLEU of an exported model on line-aligned development sets, translated by CTranslate2 in int8."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.train_translator.data import clean
from scripts.train_translator.pieces import load_pieces

_END = "</s>"


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one development set, with sacreBLEU's signature and source words a second."""

    name: str
    bleu: float
    chrf: float
    signature: str
    speed: float

    def __str__(self) -> str:
        return f"{self.name}: BLEU {self.bleu:.1f} chrF {self.chrf:.1f} | {self.signature} | {self.speed:.0f} words/s"


def score(model: Path, sets: Sequence[Path], *, beam: int = 4, lines: int = 0, threads: int = 0) -> list[Result]:
    """Translate `<set>.fr`, score against `<set>.en`, write `<set>.hyp` into the model's folder; print each result.

    `lines` 0 takes them all. The int8 model is made once and kept in `ct2-int8`.
    """
    translator, pieces, hints = _translator(model, threads), load_pieces(model / "source.spm"), _hints(model)
    results = []
    for path in sets:
        sources, references = (_lines(path.with_name(f"{path.name}.{code}"), lines) for code in ("fr", "en"))
        start = time.time()
        hypotheses = _translated(translator, pieces, [_read(source, hints) for source in sources], beam)
        speed = sum(len(source.split()) for source in sources) / (time.time() - start)
        (model / f"{path.name}.hyp").write_text("\n".join(hypotheses) + "\n", encoding="utf-8")
        results.append(_result(path.name, hypotheses, references, speed))
        print(results[-1], flush=True)
    return results


def _translator(model: Path, threads: int) -> Any:
    import ctranslate2

    converted = model / "ct2-int8"
    if not converted.exists():
        ctranslate2.converters.TransformersConverter(str(model)).convert(str(converted), quantization="int8")
    count = threads or os.cpu_count() or 1
    return ctranslate2.Translator(str(converted), device="cpu", inter_threads=1, intra_threads=count)


def _translated(translator: Any, pieces: Any, sources: Sequence[str], beam: int) -> list[str]:
    tokens = [[*pieces.encode(source, out_type=str), _END] for source in sources]
    answers = translator.translate_batch(
        tokens, beam_size=beam, max_batch_size=2048, batch_type="tokens", max_decoding_length=256
    )
    return [pieces.decode(answer.hypotheses[0]) for answer in answers]


def _hints(model: Path) -> Mapping[str, str]:
    from pipeline.backends.hints import hints_beside

    return hints_beside(model) or {}


def _read(source: str, hints: Mapping[str, str]) -> str:
    from pipeline.backends.hints import with_hints

    return with_hints(clean(source), hints.get)


def _result(name: str, hypotheses: Sequence[str], references: Sequence[str], speed: float) -> Result:
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    scores = [metric.corpus_score(hypotheses, [references]).score for metric in (bleu, chrf)]
    return Result(name, scores[0], scores[1], str(bleu.get_signature()), speed)


def _lines(path: Path, count: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return lines[: count or None]
