"""Checkpoints in CTranslate2's own form: converted once into the user's cache, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.backends.checkpoint import weight_hash
from pipeline.backends.quiet import quiet
from pipeline.errors import ModelError, OutputError

# What the converters of BART and its kin read and newer configurations leave out: the values of the published ones.
_LEFT_OUT = {
    "bart": {"normalize_before": False, "normalize_embedding": True},
    "mbart": {"normalize_before": True, "normalize_embedding": True},
    "pegasus": {"normalize_before": True, "normalize_embedding": False},
}


_CONVERTIBLE = frozenset({"marian", "bart", "pegasus", "t5", "mt5"})


def is_convertible(folder: Path) -> bool:
    """Say whether CTranslate2 takes the checkpoint under transformers 5.

    Of the M2M100 architecture it takes NLLB; the vocabularies of M2M100 itself and of mBART it no longer reads.
    """
    kind = architecture(folder)
    is_nllb = str(_json(folder / "tokenizer_config.json").get("tokenizer_class", "")).startswith("Nllb")
    return kind in _CONVERTIBLE or (kind == "m2m_100" and is_nllb)


def architecture(folder: Path) -> str | None:
    """Return what a checkpoint says that it is ("marian"); None where that cannot be read."""
    kind: str | None = _json(folder / "config.json").get("model_type")
    return kind


def _json(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # whoever loads the model says what is wrong with it
    return data


def cache_folder() -> Path:
    """Return where converted models lie: $DEPECHE_CACHE, or `depeche` in the user's cache folder."""
    root = os.environ.get("DEPECHE_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(root) if root else home / "depeche"


def converted(folder: Path, compute_type: str) -> Path:
    """Return the converted form of a checkpoint, made now if it is not there: by weight hash and compute type.

    Two runs may convert at once: each works in a folder of its own, and the first to finish is taken by both.

    Raises:
        ModelError: the checkpoint cannot be converted.
        OutputError: the cache cannot be written.
    """
    target = cache_folder() / "ctranslate2" / f"{weight_hash(folder)[:24]}-{compute_type}-{version('ctranslate2')}"
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".converting-") as workshop:
            made = _convert(folder, Path(workshop), compute_type)
            _publish(made, target)
    except OSError as error:
        raise OutputError(
            f"cannot write converted models to {target.parent}: {error.strerror}; set DEPECHE_CACHE"
        ) from error
    return target


def _convert(folder: Path, workshop: Path, compute_type: str) -> Path:
    from ctranslate2.converters import TransformersConverter

    made = workshop / "model"
    try:
        with quiet():
            checkpoint = str(_completed(folder, workshop / "checkpoint"))
            TransformersConverter(checkpoint).convert(str(made), quantization=compute_type)
    except (ValueError, KeyError, AttributeError, RuntimeError, NotImplementedError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ModelError(f'cannot convert {folder} for CTranslate2: {reason}; use backend = "transformers"') from error
    return made


def _completed(folder: Path, copy: Path) -> Path:
    """Return a folder that the converter can read: the checkpoint, or links to it beside a fuller configuration."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    missing = {k: v for k, v in _LEFT_OUT.get(config["model_type"], {}).items() if k not in config}
    if not missing:
        return folder
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).symlink_to(path.resolve())
    (copy / "config.json").unlink()
    (copy / "config.json").write_text(json.dumps(config | missing), encoding="utf-8")
    return copy


def _publish(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():  # another run was faster: its model is as good as ours
            raise
        shutil.rmtree(made)
