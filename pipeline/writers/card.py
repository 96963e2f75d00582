"""The dataset card: `datasets` finds the tables by its front matter, a person finds out what they hold.

Its form is that of the Hugging Face Hub, https://huggingface.co/docs/hub/datasets-cards. Values that come from
outside are escaped: they are text, never mark-up.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

from pipeline.writers.manifest import Counts, FileFacts, ManifestData

# A config without rows is left out: `datasets` refuses an empty split. The first with rows is the default.
_CONFIGS = ("pairs", "documents", "summaries")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")

_FRONT = """---
pretty_name: News articles with their translation and summary
language:
{languages}
license: other
license_name: the-texts-keep-their-own-rights
task_categories:
- translation
- summarization
size_categories:
- {size}
tags:
- depeche
{configs}---
"""

_BODY = """
# News articles with their translation ({source} → {target}) and summary

The texts keep their own rights: this folder adds none and grants none. Translations and summaries were written by
a machine; the doubts that its checks had are in the `findings` columns.

| what | count |
|---|---|
{counts}

## How to read it

```python
from datasets import load_dataset
load_dataset("path/to/this/folder", "{example}")
```

{missing}Each table is there twice: as `.parquet` with typed columns, and as `.jsonl`, one object a line.

- `documents`: the whole records. `id`; `text`, the original untouched; `meta`, the fields of the source; `language` and
  `confidence`; `segments`, each with `start` and `end` (offsets in code points into `text`), `role`, `source`, `block`,
  `reason` (why it is noise), `language`, `target`, `score`, `verdicts` (what was tried); `summary`; `findings`;
  `failure`; `schema_version`.
- `pairs`: one row a translated segment, noise left out. `document_id`, `segment` (its index), `start`, `end`, `block`,
  `role`, `language`, `source`, `target`, `score` (mean log-probability of a target token), `findings` (kinds of doubt).
- `summaries`: `id`, `headline`, `summary`, and `sentences`, each with `text`, `support` (indexes of the segments that
  it rests on) and `origin`.
- `bitext.{source}`, `bitext.{target}`: the two sides of `pairs`, line by line; line breaks inside a segment are spaces.
- `failed.jsonl`: the documents that could not be finished: `id`, `stage`, `kind`, `reason`.
- `inputs.jsonl`: a hash of what each document was made from, by which a later run into this folder knows it again.
- `manifest.json`: counts, models with the hashes of their weights, settings, versions, and a hash of each file.

## How it was made

| task | model | SHA-256 of the weights |
|---|---|---|
{models}

Signature:

    {signature}
"""


def card(languages: tuple[str, str], counts: Counts, data: ManifestData, files: Mapping[str, FileFacts]) -> str:
    """Return the text of the card; `languages` are the source and the target, `files` those of the tables."""
    filled = [name for name in _CONFIGS if files[f"{name}.parquet"].rows]
    source, target = languages
    return _front(languages, {name: files[f"{name}.parquet"].sha256 for name in filled}, counts) + _BODY.format(
        source=source,
        target=target,
        counts=_counts(counts),
        example=filled[0] if filled else "documents",
        missing=_missing([name for name in _CONFIGS if name not in filled]),
        models="\n".join(f"| {_text(m.task)} | {_text(m.name)} | {_text(m.sha256)} |" for m in data.models),
        signature=" ".join(data.signature.split()),  # on one line of an indented block nothing is mark-up
    )


def _front(languages: tuple[str, str], filled: Mapping[str, str], counts: Counts) -> str:
    return _FRONT.format(
        languages="\n".join(f"- {json.dumps(code)}" for code in languages),
        size=next((name for limit, name in _SIZES if counts.pairs < limit), "n>1M"),
        configs="configs:\n" + "".join(_config(*one, number == 0) for number, one in enumerate(filled.items()))
        if filled
        else "",
    )


def _config(name: str, sha256: str, default: bool) -> str:
    """The version is of the table's bytes: by the folder's name alone `datasets` takes another run from its cache."""
    version = ".".join(str(int(sha256[start : start + 4], 16)) for start in (0, 4, 8))
    lines = [f"- config_name: {name}"] + ["  default: true"] * default + [f"  version: {version}"]
    return "\n".join([*lines, "  data_files:", "  - split: train", f"    path: {name}.parquet", ""])


def _counts(counts: Counts) -> str:
    rows = counts.to_dict()
    flat = {name.replace("_", " "): count for name, count in rows.items() if isinstance(count, int)}
    for group, word in (("noise", "noise"), ("findings", "finding"), ("failures", "failure")):
        flat |= {f"{word}: {_text(name)}": count for name, count in rows[group].items()}
    return "\n".join(f"| {name} | {count} |" for name, count in flat.items())


def _missing(names: list[str]) -> str:
    return f"Without rows in this run, and so not offered to `datasets`: {', '.join(names)}.\n\n" if names else ""


def _text(value: str) -> str:
    return _MARKUP.sub(r"\\\1", html.escape(" ".join(value.split())))
