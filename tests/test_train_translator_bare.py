"""Training on a machine that has torch, numpy and sentencepiece alone, where any process may be killed at any moment."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
sentencepiece = pytest.importorskip("sentencepiece")

from scripts.train_translator import checkpoint  # noqa: E402
from scripts.train_translator.__main__ import main  # noqa: E402
from scripts.train_translator.data import GROUPS  # noqa: E402
from scripts.train_translator.packing import pack  # noqa: E402
from scripts.train_translator.pieces import load_pieces, vocabulary  # noqa: E402
from scripts.train_translator.tensors import save_tensors  # noqa: E402

REPOSITORY = Path(__file__).parents[1]
OPTIONS = ["--width", "16", "--heads", "2", "--encoder", "1", "--decoder", "1", "--tokens", "64", "--threads", "1"]
OPTIONS += ["--eager"]
WORDS = ["le", "la", "maire", "ville", "juge", "usine", "ouvre", "ferme", "vend", "garde", "pont", "port", "plan"]

# What torch, numpy and sentencepiece themselves import, and what a bare Python has; all else is not there.
BARE = """
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
THERE = set(sys.stdlib_module_names) | set("torch torchgen functorch numpy sentencepiece sympy mpmath networkx jinja2 "
    "markupsafe fsspec filelock typing_extensions setuptools pkg_resources triton nvidia pipeline scripts".split())
class Bare:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in THERE or name.startswith("_sysconfigdata"):
            return PathFinder.find_spec(name, path, target)
sys.meta_path[:] = [BuiltinImporter, FrozenImporter, Bare()]
from scripts.train_translator.__main__ import main
main(sys.argv[1:])
"""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with random sentences, as it would be copied to another machine."""
    rng = random.Random(3)
    text = [" ".join(rng.choices(WORDS, k=5)) for _ in range(200)]
    folder = tmp_path / "work"
    folder.mkdir()
    options = {"vocab_size": 60, "bos_id": -1, "eos_id": 0, "unk_id": 1, "pad_id": -1, "hard_vocab_limit": False}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text), model_prefix=str(folder / "spm"), minloglevel=2, **options
    )
    ids = load_pieces(folder / "spm.model").encode(text)
    for name in GROUPS:
        pack(folder / f"{name}.npz", [(one, one) for one in ids[:40]], piece_bytes=600)
    save_tensors(folder / "embeddings.safetensors", {"embeddings": torch.randn(vocabulary(folder / "spm.model"), 16)})
    return folder


def bare(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", BARE, *map(str, arguments), *OPTIONS], cwd=REPOSITORY)


def killed_after(process: subprocess.Popen[bytes], file: Path) -> None:
    """Kill a process some time after it has made a file."""
    end = time.monotonic() + 120
    while not file.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    assert file.exists(), f"{file.name} was never made"
    time.sleep(random.Random(7).uniform(0.1, 0.4))
    assert process.poll() is None
    process.kill()
    process.wait()


def step(folder: Path, name: str = checkpoint.STATE) -> int:
    return int(checkpoint.read(folder / f"{name}.json").values["step"])


def test_train_and_release_run_on_a_bare_machine_and_go_on_after_a_kill(work: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    killed_after(
        bare("train", work, "--minutes", 5, "--save-minutes", 0, "--dev", tmp_path / "dev"), work / "state.json"
    )
    reached = step(work)
    assert reached > 0
    main(["train", str(work), "--minutes", "0.02", *OPTIONS])
    trunk = step(work)
    assert trunk > reached

    killed_after(bare("release", work, out, "--minutes", 5, "--save-minutes", 0), work / "release.json")
    branch = step(work, checkpoint.RELEASE)
    assert branch > trunk == step(work), "a release leaves the trunk as it was"

    with pytest.raises(SystemExit) as refused:
        main(["release", str(work), str(out), "--minutes", "6", *OPTIONS])
    assert refused.value.code == 2 and step(work, checkpoint.RELEASE) == branch
    grow_older(work / "release.json", seconds=299)
    began = time.monotonic()
    main(["release", str(work), str(out), "--minutes", "5", *OPTIONS])
    assert time.monotonic() - began < 120, "the time before the cut counts"
    assert not list(work.glob("release*"))
    assert_generates(out)


def grow_older(index: Path, seconds: float) -> None:
    content = json.loads(index.read_text())
    content["values"]["elapsed"] = seconds
    index.write_text(json.dumps(content))


def assert_generates(model: Path) -> None:
    transformers = pytest.importorskip("transformers")
    loaded = transformers.AutoModelForSeq2SeqLM.from_pretrained(model, dtype=torch.float32)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    answer = loaded.generate(**tokenizer(["le maire"], return_tensors="pt"), max_new_tokens=5)
    assert answer.shape[0] == 1 and loaded.generation_config.num_beams == 4


def test_a_release_begins_afresh_when_asked_to(work: Path, tmp_path: Path) -> None:
    main(["train", str(work), "--minutes", "0.005", *OPTIONS])
    trunk = step(work)
    checkpoint.write(checkpoint.read(work / "state.json"), work, checkpoint.RELEASE)
    (work / "release.json").write_text("{}")
    main(["release", str(work), str(tmp_path / "model"), "--minutes", "0.005", "--afresh", *OPTIONS])
    assert (tmp_path / "model" / "config.json").exists() and step(work) == trunk
