"""The loop that trains a model for some minutes: resumable, stopped at any moment, logged."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from scripts.train_translator.batches import Batch
from scripts.train_translator.loss import CPU_CHUNK, GPU_CHUNK, SoftmaxLoss, kernel
from scripts.train_translator.model import DTYPE, Marian
from scripts.train_translator.optimizer import Optimizer, Rates

_LOG_STEPS = 50
_SAVE_SECONDS = 600
_SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: steps of the model's life, steps of this run, and the share of its time that is gone."""

    step: int
    since: int
    share: float


Schedule = Callable[[Progress], float]
Report = Callable[[], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Machine:
    """How a run uses the machine: threads (0: all), and what is compiled."""

    threads: int = 0
    compile_kernel: bool = True
    compile_model: bool = False

    @property
    def device(self) -> str:
        return "cuda" if torch.cuda.is_available() else "cpu"


class Trainer:
    """A model, its optimizer and its counters, and the folder of their checkpoint `state.pt` and their `log.jsonl`."""

    def __init__(self, folder: Path, model: Marian, rates: Rates, machine: Machine) -> None:
        torch.set_num_threads(machine.threads or os.cpu_count() or 1)
        self.folder, self.device = folder, machine.device
        self.model = model.to(self.device)
        self.optimizer = Optimizer(self.model, rates)
        self.step, self.seen, self.elapsed = 0, 0, 0.0
        self._forward: Any = torch.compile(self.model, dynamic=True) if machine.compile_model else self.model
        self._kernel = kernel(machine.compile_kernel)

    @property
    def state(self) -> Path:
        """The checkpoint of this folder."""
        return self.folder / "state.pt"

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        saved = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict({name: tensor.float() for name, tensor in saved["model"].items()})
        self.step, self.seen, self.elapsed = saved["step"], saved["seen"], saved.get("elapsed", 0.0)
        self.optimizer.restore(saved)

    def save(self) -> None:
        """Write the checkpoint; it appears whole or not at all."""
        temporary = self.folder / "state.tmp"
        counters = {"step": self.step, "seen": self.seen, "elapsed": self.elapsed}
        torch.save({"model": self.model.state_dict(), **self.optimizer.state(), **counters}, temporary)
        temporary.replace(self.state)

    def loss(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, int]:
        """Return the smoothed loss (mean), the plain negative log-likelihood (sum), and the number of tokens."""
        source, target, shifted = (tensor.to(self.device) for tensor in batch)
        real = target != self.model.pad
        with torch.autocast(self.device, torch.bfloat16, enabled=DTYPE is torch.bfloat16):
            hidden = self._forward(source, shifted)[real]
        chunk = CPU_CHUNK if self.device == "cpu" else GPU_CHUNK
        labels, pieces = target[real], self.model.shared.weight[:-1]
        loss, nll = SoftmaxLoss.apply(hidden, pieces, labels, _SMOOTHING, self._kernel, chunk)  # type: ignore[no-untyped-call]
        return loss, nll, len(labels)

    def update(self, batch: Batch, factor: float) -> tuple[float, int]:
        """Take one step; return the summed negative log-likelihood and the number of tokens."""
        loss, nll, count = self.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step(factor)
        self.model.zero_grad(set_to_none=True)
        self.model.zero_pad()
        self.step, self.seen = self.step + 1, self.seen + count
        return float(nll.detach()), count

    def train(
        self,
        batches: Iterable[Batch],
        schedule: Schedule,
        minutes: float,
        *,
        phase: int = 0,
        gone: float = 0.0,
        save: bool = True,
        report: Report | None = None,
        watch: Callable[[Progress], None] | None = None,
    ) -> None:
        """Train until `minutes` are over, or until the process is told to stop (SIGTERM, SIGINT).

        `gone` counts seconds of earlier runs towards `minutes`. With `save` the checkpoint is written every ten
        minutes and at the end. `report` adds numbers to every tenth line of the log; `watch` is called after each step.
        """
        print(self._opening(), flush=True)
        first, start, saved = self.step, time.time() - gone, time.time()
        log = Log(self.folder / "log.jsonl", phase)
        with stop_signals() as stopped:
            for batch in batches:
                self.elapsed = time.time() - start
                if self.elapsed > 60 * minutes or stopped:
                    break
                at = Progress(self.step, self.step - first, self.elapsed / (60 * minutes))
                factor = schedule(at)
                log.add(*self.update(batch, factor))
                if watch:
                    watch(at)
                if self.step % _LOG_STEPS == 0:
                    log.write(self, factor, report if self.step % (10 * _LOG_STEPS) == 0 else None)
                if save and time.time() - saved > _SAVE_SECONDS:
                    self.save()
                    saved = time.time()
        if save:
            self.save()

    def _opening(self) -> str:
        size = sum(parameter.numel() for parameter in self.model.parameters()) / 1e6
        place = f"vocabulary {self.model.pad}, {self.device}"
        return f"{size:.1f} M parameters, {place}, from step {self.step} ({self.seen / 1e6:.1f} M tokens)"


class Log:
    """Running loss and speed, one JSON object every few steps, on standard output and in a file."""

    def __init__(self, path: Path, phase: int) -> None:
        self.path, self.phase = path, phase
        self._start()

    def _start(self) -> None:
        self.nll, self.tokens, self.since = 0.0, 0, time.time()

    def add(self, nll: float, tokens: int) -> None:
        """Count one step."""
        self.nll, self.tokens = self.nll + nll, self.tokens + tokens

    def write(self, trainer: Trainer, factor: float, report: Report | None) -> None:
        """Write the line of the steps since the last one."""
        line: dict[str, float] = {
            "step": trainer.step,
            "tokens_M": round(trainer.seen / 1e6, 2),
            "nll": round(self.nll / self.tokens, 4),
            "tok_s": round(self.tokens / (time.time() - self.since)),
            "factor": round(factor, 3),
            "minutes": round(trainer.elapsed / 60, 1),
        }
        line |= report() if report else {}
        print(json.dumps(line), flush=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, "phase": self.phase}) + "\n")
        self._start()


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collect SIGTERM and SIGINT in a list instead of dying of them, until the block ends."""
    received: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda received_number, _: received.append(received_number)) for number in numbers]
    try:
        yield received
    finally:
        for number, action in zip(numbers, before, strict=True):
            signal.signal(number, action)
