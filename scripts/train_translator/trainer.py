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

from scripts.train_translator import checkpoint
from scripts.train_translator.batches import Batch
from scripts.train_translator.checkpoint import Checkpoint
from scripts.train_translator.loss import CPU_CHUNK, GPU_CHUNK, SoftmaxLoss, kernel
from scripts.train_translator.model import DTYPE, Marian
from scripts.train_translator.optimizer import Optimizer, Rates
from scripts.train_translator.threads import Threads

_LOG_STEPS = 50
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
    """How a run uses the machine: threads (0: all), what is compiled, whether threads make room for other processes,
    and how many minutes of work a cut may cost."""

    threads: int = 0
    compile_kernel: bool = True
    compile_model: bool = False
    share_cores: bool = False
    save_minutes: float = 10.0

    @property
    def device(self) -> str:
        return "cuda" if torch.cuda.is_available() else "cpu"

    @property
    def tokens(self) -> int:
        """Padded tokens a step that suit the device: a GPU is idle below."""
        return 32_768 if self.device == "cuda" else 4096


class Trainer:
    """A model, its optimizer and its counters, and the folder of their checkpoint and their `log.jsonl`."""

    def __init__(self, folder: Path, model: Marian, rates: Rates, machine: Machine) -> None:
        threads = machine.threads or os.cpu_count() or 1
        torch.set_num_threads(threads)
        self.folder, self.device, self.machine = folder, machine.device, machine
        self.model = model.to(self.device)
        self.optimizer = Optimizer(self.model, rates)
        self.step, self.seen, self.elapsed = 0, 0, 0.0
        self._threads = Threads(threads if machine.share_cores else 1)
        self._forward: Any = torch.compile(self.model, dynamic=True) if machine.compile_model else self.model
        self._kernel = kernel(machine.compile_kernel)

    @property
    def state(self) -> Path:
        """The checkpoint of this folder (see `checkpoint.located`)."""
        return checkpoint.located(self.folder)

    def restore(self, path: Path) -> Checkpoint:
        """Go on from a checkpoint, and return it for whatever else it holds.

        Raises:
            FileNotFoundError: there is none.
            ModelError: it is damaged.
        """
        saved = checkpoint.read(path)
        self.model.load_state_dict({name: tensor.float() for name, tensor in saved.group("model.").items()})
        self.optimizer.restore(saved.tensors)
        self.step, self.seen = int(saved.values["step"]), int(saved.values["seen"])
        self.elapsed = float(saved.values.get("elapsed", 0.0))
        return saved

    def checkpoint(self) -> Checkpoint:
        """Return everything that `restore` takes.

        Raises:
            FloatingPointError: a weight is not a number; saved, it would replace the last good checkpoint.
        """
        weights = self.model.state_dict()
        if not all(bool(torch.isfinite(tensor).all()) for tensor in weights.values()):
            raise FloatingPointError(f"weights are not finite at step {self.step}: go on with lower rates")
        tensors = {f"model.{name}": tensor for name, tensor in weights.items()} | self.optimizer.tensors()
        return Checkpoint(tensors, {"step": self.step, "seen": self.seen, "elapsed": round(self.elapsed, 3)})

    def save(self) -> None:
        """Write the checkpoint; whenever it is cut off, the folder holds this one or the former one."""
        checkpoint.write(self.checkpoint(), self.folder)

    def loss(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, int]:
        """Return the smoothed loss (mean), the plain negative log-likelihood (sum), and the number of tokens."""
        flat = batch[1].flatten()
        real = (flat != self.model.pad).nonzero()[:, 0]  # found before the batch moves: a GPU need not be waited for
        source, shifted, places, labels = (
            tensor.to(self.device, non_blocking=True) for tensor in (batch[0], batch[2], real, flat[real])
        )
        with torch.autocast(self.device, torch.bfloat16, enabled=DTYPE is torch.bfloat16):
            hidden = self._forward(source, shifted).flatten(0, 1)[places]
        chunk = CPU_CHUNK if self.device == "cpu" else GPU_CHUNK
        pieces = self.model.shared.weight[:-1]
        loss, nll = SoftmaxLoss.apply(hidden, pieces, labels, _SMOOTHING, self._kernel, chunk)  # type: ignore[no-untyped-call]
        return loss, nll, len(labels)

    def update(self, batch: Batch, factor: float) -> tuple[torch.Tensor, int]:
        """Take one step; return the summed negative log-likelihood (on the device) and the number of tokens."""
        loss, nll, count = self.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step(factor)
        self.model.zero_grad(set_to_none=True)
        self.model.zero_pad()
        self.step, self.seen = self.step + 1, self.seen + count
        return nll.detach(), count

    def train(
        self,
        batches: Iterable[Batch],
        schedule: Schedule,
        minutes: float,
        *,
        phase: int = 0,
        gone: float = 0.0,
        since: int = 0,
        save: Callable[[], None] | None = None,
        report: Report | None = None,
        watch: Callable[[Progress], None] | None = None,
    ) -> bool:
        """Train until `minutes` are over, or until the process is told to stop (SIGTERM, SIGINT).

        `gone` counts seconds and `since` steps of earlier runs. `save` (the trainer's own when left out) is called
        every ten minutes and at the end. `report` adds numbers to every tenth line of the log; `watch` is called after
        each step. Returns whether the minutes are over.
        """
        print(self._opening(), flush=True)
        first, start, saved, save = self.step - since, time.time() - gone, time.time(), save or self.save
        log, over = Log(self.folder / "log.jsonl", phase), False
        with stop_signals() as stopped:
            for batch in batches:
                self.elapsed = time.time() - start
                over = self.elapsed >= 60 * minutes
                if over or stopped:
                    break
                self._threads.adapt()
                at = Progress(self.step, self.step - first, self.elapsed / (60 * minutes))
                factor = schedule(at)
                log.add(*self.update(batch, factor))
                if watch:
                    watch(at)
                if self.step % _LOG_STEPS == 0:
                    log.write(self, factor, report if self.step % (10 * _LOG_STEPS) == 0 else None)
                if time.time() - saved > 60 * self.machine.save_minutes:
                    save()
                    saved = time.time()
            save()
        return over

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
        self.nll, self.tokens, self.since = torch.zeros(()), 0, time.time()

    def add(self, nll: torch.Tensor, tokens: int) -> None:
        """Count one step."""
        self.nll, self.tokens = nll + self.nll.to(nll.device), self.tokens + tokens

    def write(self, trainer: Trainer, factor: float, report: Report | None) -> None:
        """Write the line of the steps since the last one."""
        line: dict[str, float] = {
            "step": trainer.step,
            "tokens_M": round(trainer.seen / 1e6, 2),
            "nll": round(float(self.nll) / self.tokens, 4),
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
