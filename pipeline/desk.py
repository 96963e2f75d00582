"""The program as a callable, for notebooks: a text in, a result out; a list in, a list out in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from pipeline import run
from pipeline.config import DEFAULT, Config
from pipeline.config import load as load_config
from pipeline.document import Document


class Result(dict[str, str]):
    """`translation_text` and `summary_text`, as the pipelines of transformers 4 named them, and the whole record."""

    def __init__(self, document: Document) -> None:
        super().__init__(
            translation_text=document.translation,
            summary_text=document.summary.text if document.summary else "",
        )
        self.document = document

    def _repr_html_(self) -> str:
        return self.document._repr_html_()


class Desk:
    """A configuration with its models loaded once; call it with French texts.

    A text that fails does not raise: `result.document.failure` has the reason, as in a run.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stages = run.stages(config)

    @overload
    def __call__(self, texts: str) -> Result: ...  # type: ignore[overload-overlap]  # a str is a sequence of str
    @overload
    def __call__(self, texts: Sequence[str]) -> list[Result]: ...
    def __call__(self, texts: str | Sequence[str]) -> Result | list[Result]:
        """Translate and summarise one text or several.

        Raises:
            TypeError: something else than a text was given.
        """
        if isinstance(texts, str):
            return next(self.stream([texts]))
        if not isinstance(texts, Iterable) or isinstance(texts, Mapping | bytes):
            raise TypeError(f"give a text or a list of texts, not {type(texts).__name__}")
        return list(self.stream(texts))

    def stream(self, texts: Iterable[str]) -> Iterator[Result]:
        """Yield a result for each text, in order, without holding them all."""
        documents = (Document(id=str(number), text=_text(text)) for number, text in enumerate(texts, 1))
        yield from map(Result, self.documents(documents))

    def documents(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Carry records that you made yourself, or that a reader made, through the stages."""
        return run.engine(self.config).run(self._stages, documents)


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"each text is a str, not {type(text).__name__}; records go through `documents`")
    return text


def load(config: str | Path | Config = DEFAULT, **changes: Any) -> Desk:
    """Return a callable with the models of a configuration: a name ("opus"), a path, or a `Config`.

    `changes` override single settings as "section__key": `load(summarizer__sentences=2)`.

    Raises:
        ConfigError: the configuration is unknown or wrong.
        ModelError: a model is missing (at the first call, when models load).
    """
    settings = config if isinstance(config, Config) else load_config(config)
    return Desk(settings.overridden(**changes))
