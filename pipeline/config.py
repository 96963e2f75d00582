"""Typed settings from TOML. An unknown key is an error that names the nearest right one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError, nearest
from pipeline.gates import parse as parse_gates
from pipeline.nightly_settings import DigestSettings, IntakeSettings, MailSettings, WatchSettings
from pipeline.seq2seq import Decoding

_PACKAGE = Path(__file__).parent
_ROOMS = (_PACKAGE / "configs", _PACKAGE.parent / "configs")  # in a wheel, in a checkout
EMBEDDED = _PACKAGE / "models"
DEFAULT = "embedded"
_FORMS = {  # what to write, by the kind of pydantic's error
    "tuple_type": 'give a list, as in ["..."]',
    "model_type": "give a table, as in { name = ... }",
    "model_attributes_type": "give a table, as in { name = ... }",
    "missing": "it is missing",
    "string_type": 'give a text, as in "..."',
}

Device = Literal["auto", "cpu", "cuda"]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ModelSettings(_Settings):
    """Which checkpoint to load, by which backend, and how to read its languages.

    `model` is "embedded:NAME", a local folder, or a hub name. `backend` "auto" is CTranslate2 on a CPU and
    transformers on a GPU; `compute_type` "auto" is int8 for CTranslate2 and float32 for transformers on a CPU, half
    precision on a GPU. `prefix` goes before every text (T5, MADLAD). `batch_tokens` bounds the padded source tokens of
    one forward pass; 0 is what suits the backend and the device, fewer where memory runs out. `max_source_tokens`
    bounds a text where the model reads well only what is shorter than its own limit.
    """

    model: str
    backend: str = "auto"
    revision: str | None = None
    source_language: str = "fr"
    target_language: str = "en"
    prefix: str = ""
    compute_type: Literal["auto", "float32", "float16", "bfloat16", "int8"] = "auto"
    batch_tokens: int = Field(0, ge=0)
    max_source_tokens: int | None = Field(None, ge=8)


class TranslatorSettings(ModelSettings):
    """The translator: a model and how to search with it."""

    decoding: Decoding = Decoding(beam_size=4)


class SummarizerSettings(ModelSettings):
    """The summarizer.

    `strategy`: "map-reduce" gives the model as many whole sentences as it can read and summarises the
    summaries; "select-rewrite" picks the sentences that matter and has the model rewrite each group.
    `sentences` is the length asked for; `words`, when set, is a bound on the length instead.
    """

    source_language: str = "en"
    strategy: Literal["map-reduce", "select-rewrite"] = "map-reduce"
    sentences: int = Field(3, ge=1, le=50)
    words: int | None = Field(None, ge=10)
    headline: bool = True
    decoding: Decoding = Decoding(beam_size=4, max_new_tokens=142, min_new_tokens=20, no_repeat_ngram_size=3)


class DetectSettings(_Settings):
    """Which languages are translated, and what happens to a document in another one."""

    languages: tuple[str, ...] = Field(("fr",), min_length=1)
    other: Literal["skip", "keep", "fail"] = "skip"


class RunSettings(_Settings):
    """How a run is carried out: nothing here changes what comes out, but `device` may in half precision.

    `batch_size` documents go through the stages together, `in_flight` such batches at once; `threads` are the
    processors to keep busy. 0 takes both from the machine. `shard_size` documents are lost at most, and done again,
    when a run is cut off. `memory_mb` bounds what is remembered of translated sentences, so that one that comes again
    is not translated again; `translation_memory` names a file that remembers from run to run (none without it).
    A document of more than `max_document_bytes` fails, whatever else is set: it would take too much memory.
    """

    device: Device = "auto"
    batch_size: int = Field(32, ge=1)
    in_flight: int = Field(0, ge=0)
    threads: int = Field(0, ge=0)
    shard_size: int = Field(64, ge=1)
    max_document_bytes: int = Field(5_000_000, ge=1)
    memory_mb: int = Field(8, ge=0)
    translation_memory: str | None = None
    translation_memory_mb: int = Field(256, ge=1)


class Config(_Settings):
    """Everything that a run can be told."""

    translator: TranslatorSettings
    summarizer: SummarizerSettings
    detect: DetectSettings = DetectSettings()
    run: RunSettings = RunSettings()
    # What follows changes nothing that a run writes, so it is in no dump and no signature. Gates go by name of a score.
    gates: Mapping[str, Any] = Field(default_factory=dict, exclude=True)
    intake: IntakeSettings = Field(IntakeSettings(), exclude=True)
    watch: WatchSettings = Field(WatchSettings(), exclude=True)
    digest: DigestSettings = Field(DigestSettings(), exclude=True)
    mail: MailSettings = Field(MailSettings(), exclude=True)

    def overridden(self, **changes: Any) -> Config:
        """Return a copy with settings named "section__key" replaced; None changes nothing."""
        data = self.model_dump()
        for name, part in type(self).model_fields.items():
            if part.exclude:
                found = getattr(self, name)
                data[name] = found.model_dump() if isinstance(found, BaseModel) else dict(found)
        for name, value in changes.items():
            *sections, key = name.split("__")
            if value is not None:
                _inside(data, sections, name)[key] = value
        return _validated(data, "override")


def _inside(data: dict[str, Any], sections: Sequence[str], name: str) -> dict[str, Any]:
    if not sections:
        raise ConfigError(f"unknown setting {name!r}; name it with its section, as in summarizer__sentences")
    for section in sections:
        known = [key for key, value in data.items() if isinstance(value, dict)]
        if section not in known:
            raise ConfigError(f"unknown setting {name!r}{nearest(section, known)}; sections: {', '.join(known)}")
        data = data[section]
    return data


def names() -> list[str]:
    """Return the names of the configurations that come with the program."""
    return sorted({path.stem for room in _ROOMS for path in room.glob("*.toml")})


def load(name: str | Path = DEFAULT) -> Config:
    """Read a configuration by its name ("opus") or by the path of a TOML file.

    With `base = "NAME"` a file says only what is other than in that configuration.

    Raises:
        ConfigError: no such configuration, not TOML, or a setting that is unknown or out of range.
    """
    path = _find(name)
    return _validated(_read(path), str(path))


def _read(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"cannot read configuration {path}: {error}") from error
    if "base" not in data:
        return data
    if not isinstance(base := data.pop("base"), str):
        raise ConfigError(f"{path}: setting 'base': give the name of a configuration, got {base!r}")
    below = _find(base)
    if below.resolve() in (seen := (*above, path.resolve())):
        raise ConfigError(f"{path}: setting 'base': {base!r} rests on this configuration itself")
    return _merged(_read(below, seen), data)


def _merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in above.items():
        known = below.get(key)
        below[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return below


def _find(name: str | Path) -> Path:
    candidates = [Path(name), *(room / f"{name}.toml" for room in _ROOMS)]
    for path in candidates:
        try:
            if path.is_file():
                return path
        except OSError as error:
            raise ConfigError(f"cannot read configuration {str(name)[:80]!r}: {error.strerror}") from error
    if Path(name).suffix == ".toml":
        raise ConfigError(f"configuration file {name} does not exist")
    raise ConfigError(f"no configuration {str(name)!r}{nearest(str(name), names())}; known: {', '.join(names())}")


def _validated(data: dict[str, Any], where: str) -> Config:
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            raise ConfigError(f"{where}: unknown setting {key!r}{_nearest_setting(first['loc'])}") from None
        raise ConfigError(f"{where}: setting {key!r}: {_said(first)}, got {first['input']!r}") from None
    try:
        parse_gates(config.gates, config.detect.languages[0], config.translator.target_language)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None
    return config


def _said(error: Any) -> str:
    """What is wrong with a value, in the words of the file that it stands in."""
    form = _FORMS.get(error["type"])
    if error["type"] == "string_pattern_mismatch" and "https?" in str(error.get("ctx", {}).get("pattern")):
        form = 'give an address, as in "https://www.example.org/rss"'
    return form or str(error["msg"]).removeprefix("Value error, ")


def _nearest_setting(place: tuple[int | str, ...]) -> str:
    """Return the known setting nearest to an unknown one; all that stand there, where none is near."""
    known: Any = Config
    for part in place[:-1]:
        if isinstance(part, str):
            known = _section(_fields(known)[part])
    fields = _fields(known)
    return nearest(str(place[-1]), fields) or f"; known here: {', '.join(fields)}"


def _fields(section: Any) -> Mapping[str, Any]:
    return section.model_fields if hasattr(section, "model_fields") else get_type_hints(section)


def _section(field: Any) -> Any:
    """Return the class of the settings that a field holds, one or a list of them."""
    annotation = getattr(field, "annotation", field)
    return next((one for one in get_args(annotation) if one is not Ellipsis), annotation)
