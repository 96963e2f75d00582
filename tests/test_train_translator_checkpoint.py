"""Checkpoints and packed data: whole or not at all, small pieces, and everything that earlier versions wrote is read."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from pipeline.errors import InputError, ModelError  # noqa: E402
from scripts.train_translator import checkpoint  # noqa: E402
from scripts.train_translator.checkpoint import Checkpoint, located, read, write  # noqa: E402
from scripts.train_translator.model import EOS, Marian, Shape, load_weights  # noqa: E402
from scripts.train_translator.optimizer import Optimizer, Rates  # noqa: E402
from scripts.train_translator.packing import Side, pack, unpack  # noqa: E402
from scripts.train_translator.tensors import decoded, encoded, load_tensors, save_tensors  # noqa: E402
from scripts.train_translator.trainer import Machine, Trainer  # noqa: E402

TINY = Shape(d=16, heads=2, encoder=1, decoder=1)
EAGER = Machine(threads=1, compile_kernel=False)
PART = 1000


class Cut(BaseException):
    """The process ends here."""


def state(value: int) -> Checkpoint:
    """A checkpoint of several parts in which everything is `value`."""
    tensors = {f"model.{name}": torch.from_numpy(np.full(400 + name, value, np.float32)) for name in range(4)}
    return Checkpoint(tensors, {"step": value})


def value_of(folder: Path) -> int:
    """What the folder's checkpoint holds, all of which must be one value."""
    saved = read(folder / "state.json")
    found = {int(number) for tensor in saved.tensors.values() for number in (tensor.min(), tensor.max())}
    assert found == {saved.values["step"]}
    return found.pop()


def test_a_checkpoint_is_parts_under_the_limit_whose_join_is_one_safetensors_file(tmp_path: Path) -> None:
    write(state(3), tmp_path, part_bytes=PART)
    parts = sorted(tmp_path.glob("*.part"))
    assert len(parts) == 7 and all(part.stat().st_size <= PART for part in parts)
    joined = decoded(bytearray(b"".join(part.read_bytes() for part in parts)), "joined")
    assert joined.keys() == state(3).tensors.keys()
    assert checkpoint.PART_BYTES < 16 * 2**20


def test_a_new_checkpoint_leaves_nothing_of_the_former_one(tmp_path: Path) -> None:
    torch.save({"model": {}, "step": 1, "seen": 1}, tmp_path / "state.pt")
    for value in (1, 2, 2):
        write(state(value), tmp_path, part_bytes=PART)
    write(state(9), tmp_path, "release", part_bytes=PART)
    assert value_of(tmp_path) == 2
    assert len(list(tmp_path.glob("state*"))) == 1 + 7
    checkpoint.remove(tmp_path, "release")
    assert not list(tmp_path.glob("release*"))


def _cutting(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """End the process before its operation number `at` on the disk."""
    count = 0

    def cut(operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == at:
                raise Cut
            return operation(*arguments, **options)

        return run

    for place, name in ((os, "replace"), (os, "fsync"), (Path, "open"), (Path, "unlink")):
        monkeypatch.setattr(place, name, cut(getattr(place, name)))


def test_cut_before_any_operation_on_the_disk_the_checkpoint_is_the_new_or_the_former_one(tmp_path: Path) -> None:
    outcomes = []
    for at in range(1, 100):
        folder = tmp_path / str(at)
        folder.mkdir()
        write(state(1), folder, part_bytes=PART)
        with pytest.MonkeyPatch.context() as monkeypatch:
            _cutting(monkeypatch, at)
            try:
                write(state(2), folder, part_bytes=PART)
            except Cut:
                outcomes.append(value_of(folder))
            else:
                break
        write(state(3), folder, part_bytes=PART)
        assert value_of(folder) == 3 and len(list(folder.iterdir())) == 1 + 7, "what the cut left is cleared away"
    assert outcomes == sorted(outcomes) and set(outcomes) == {1, 2}
    assert len(outcomes) > 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_random_moments_the_checkpoint_is_the_last_announced_one_or_the_next(tmp_path: Path) -> None:
    rng = random.Random(4)
    write(state(0), tmp_path, part_bytes=PART)
    for _ in range(12):
        before = value_of(tmp_path)
        child, pipe = saving_without_end(tmp_path, before + 1)
        announced = os.read(pipe, 8)  # it is at work
        time.sleep(rng.uniform(0.0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(pipe, "rb") as rest:
            announced += rest.read()
        last = int.from_bytes(announced[-8:], "little")
        assert last > before and value_of(tmp_path) in (last, last + 1)


def saving_without_end(folder: Path, value: int) -> tuple[int, int]:
    """Fork a process that saves and announces one value after the other; return its number and the pipe's end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    while True:
        write(state(value), folder, part_bytes=PART)
        os.write(writer, value.to_bytes(8, "little"))
        value += 1


def test_damage_to_any_part_is_told_and_not_loaded(tmp_path: Path) -> None:
    write(state(1), tmp_path, part_bytes=PART)
    part = sorted(tmp_path.glob("*.part"))[2]
    good = part.read_bytes()
    part.write_bytes(good[:500] + bytes([good[500] ^ 1]) + good[501:])
    with pytest.raises(ModelError, match=rf"{part.name}: its size or its checksum"):
        read(tmp_path / "state.json")
    part.unlink()
    with pytest.raises(ModelError, match=rf"its part {part.name} is missing"):
        read(tmp_path / "state.json")
    (tmp_path / "state.json").write_text('{"format": 1, "val')
    with pytest.raises(ModelError, match="not the index of a checkpoint"):
        read(tmp_path / "state.json")


def tiny_trainer(folder: Path, seed: int) -> Trainer:
    torch.manual_seed(seed)
    return Trainer(folder, Marian(50, TINY), Rates(), EAGER)


def batch() -> tuple[Any, Any, Any]:
    return torch.tensor([[5, 6, 7, 0]]), torch.tensor([[8, 9, 0]]), torch.tensor([[50, 8, 9]])


def test_a_single_file_of_earlier_versions_goes_on_as_if_it_had_been_written_now(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, 1)
    trainer.update(batch(), 1.0)
    muon = {str(shape): momentum for shape, momentum in trainer.optimizer.muon.momentum.items()}
    old = {"model": trainer.model.state_dict(), "adam": trainer.optimizer.adam.state_dict(), "muon": muon}
    torch.save({**old, "step": trainer.step, "seen": trainer.seen}, tmp_path / "state.pt")
    assert trainer.state == tmp_path / "state.pt"
    resumed = tiny_trainer(tmp_path, 2)
    resumed.restore(resumed.state)
    resumed.save()
    assert not (tmp_path / "state.pt").exists() and resumed.state == tmp_path / "state.json"
    again = tiny_trainer(tmp_path, 3)
    again.restore(again.state)
    for other in (trainer, again):
        other.update(batch(), 0.5)
    assert (trainer.step, trainer.seen) == (again.step, again.seen)
    assert all(torch.equal(*pair) for pair in zip(trainer.model.parameters(), again.model.parameters(), strict=True))


def test_weights_are_found_under_the_old_name_after_the_checkpoint_was_converted(tmp_path: Path) -> None:
    trainer, twin = tiny_trainer(tmp_path, 1), Marian(50, TINY)
    trainer.save()
    for path in (tmp_path, tmp_path / "state.json", tmp_path / "state.pt"):
        load_weights(twin, path)
        assert torch.equal(twin.shared.weight, trainer.model.shared.weight)
    with pytest.raises(FileNotFoundError):
        load_weights(twin, tmp_path / "other.pt")


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "run",))

    torch.save({"model": Trap(), "step": 1, "seen": 1}, tmp_path / "state.pt")
    with pytest.raises(Exception, match=r"[Ww]eights.?only"):
        read(located(tmp_path))
    assert not (tmp_path / "run").exists()


def test_weights_that_are_no_numbers_do_not_replace_the_last_good_checkpoint(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, 1)
    trainer.save()
    with torch.no_grad():
        trainer.model.shared.weight[3] = float("nan")
    with pytest.raises(FloatingPointError, match="at step 0"):
        trainer.save()
    assert torch.isfinite(read(trainer.state).tensors["model.shared.weight"]).all()


def test_rates_of_the_new_run_hold_after_a_restore(tmp_path: Path) -> None:
    model = Marian(50, TINY)
    first, second = Optimizer(model, Rates(adam=1.0)), Optimizer(model, Rates(adam=0.25))
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    first.step(1.0)
    second.restore(first.tensors())
    assert second.adam.param_groups[0]["lr"] == 0.25
    assert second.tensors().keys() == first.tensors().keys()


DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.uint8, torch.bool)


@given(st.lists(st.tuples(st.sampled_from(DTYPES), st.lists(st.integers(0, 4), max_size=3)), max_size=6))
@settings(max_examples=50, deadline=None)
def test_tensors_are_read_as_they_were_written(entries: list[tuple[Any, list[int]]]) -> None:
    tensors = {f"t{at}é": torch.randn(shape).to(dtype) for at, (dtype, shape) in enumerate(entries)}
    back = decoded(bytearray(b"".join(encoded(tensors, {"format": "pt"}))), "memory")
    assert back.keys() == tensors.keys()
    for name, tensor in tensors.items():
        assert back[name].dtype == tensor.dtype and back[name].shape == tensor.shape and torch.equal(back[name], tensor)


def test_the_safetensors_library_writes_the_same_bytes(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.torch")
    tensors = {"b": torch.randn(3, 2).half(), "a": torch.randn(5), "c": torch.arange(3), "d": torch.tensor(2.5)}
    save_tensors(tmp_path / "ours", tensors, {"format": "pt"})
    library.save_file(tensors, tmp_path / "theirs", {"format": "pt"})
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()


def test_a_safetensors_file_that_was_cut_short_is_told(tmp_path: Path) -> None:
    save_tensors(tmp_path / "whole", {"a": torch.randn(100)})
    data = (tmp_path / "whole").read_bytes()
    for length in (0, 5, 20, len(data) - 1):
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(ModelError, match="not a whole safetensors file"):
            load_tensors(tmp_path / "cut")


def pairs(count: int) -> list[tuple[list[int], list[int]]]:
    return [([2 + i] * (1 + i % 7), [9, 2 + i]) for i in range(count)]


def rows(side: Side) -> Iterator[list[int]]:
    for start, length in zip(side.starts, side.lengths, strict=True):
        yield side.ids[start : start + length].tolist()


def test_a_group_is_cut_into_pieces_under_the_limit_and_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "news.npz"
    assert pack(path, pairs(40), piece_bytes=300) == 40 * 3
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names[:3] == ["news-01.npz", "news-02.npz", "news-03.npz"] and "news.npz" in names
    assert all(np.load(p)["src"].nbytes + np.load(p)["tgt"].nbytes <= 300 for p in tmp_path.iterdir())
    source, target = unpack(path)
    read_back = list(zip(rows(source), rows(target), strict=True))
    assert read_back == [([*s, EOS], [*t, EOS]) for s, t in pairs(40)]
    pack(path, pairs(3), piece_bytes=300)
    assert [p.name for p in tmp_path.iterdir()] == ["news.npz"], "pieces of a larger group do not stay"


def test_a_missing_piece_is_told(tmp_path: Path) -> None:
    pack(tmp_path / "news.npz", pairs(40), piece_bytes=300)
    (tmp_path / "news-02.npz").unlink()
    with pytest.raises(InputError, match=r"news-02\.npz is missing"):
        unpack(tmp_path / "news.npz")


def test_a_group_packed_by_earlier_versions_and_an_empty_group_are_read(tmp_path: Path) -> None:
    ids, lengths = np.array([5, 0, 6, 7, 0], np.uint16), np.array([2, 3], np.int32)
    np.savez(tmp_path / "old.npz", src=ids, src_len=lengths, tgt=ids, tgt_len=lengths)
    assert list(rows(unpack(tmp_path / "old.npz")[1])) == [[5, 0], [6, 7, 0]]
    pack(tmp_path / "none.npz", [])
    assert not len(unpack(tmp_path / "none.npz")[0].lengths)
