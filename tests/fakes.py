"""A `Seq2Seq` that answers from a table: what the stages do with an answer is tested apart from any model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.seq2seq import Decoding, Hypothesis

Answer = str | Hypothesis | Callable[[str, Decoding], str | Hypothesis]


class ScriptedModel:
    """Answers each text from `answers`, else with the text in capitals; keeps what it was asked.

    A token is a word, the end mark one more.
    """

    def __init__(self, answers: dict[str, Answer] | None = None, max_source_tokens: int = 100) -> None:
        self.answers = answers or {}
        self.max_source_tokens = max_source_tokens
        self.takes_hints = False
        self.asked: list[tuple[str, Decoding]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 1 for text in texts]

    def generate(self, texts: Sequence[str], decoding: Decoding) -> list[Hypothesis]:
        assert all(count <= self.max_source_tokens for count in self.count_tokens(texts))
        self.asked += [(text, decoding) for text in texts]
        return [self._answer(text, decoding) for text in texts]

    def _answer(self, text: str, decoding: Decoding) -> Hypothesis:
        answer = self.answers.get(text, text.upper())
        if callable(answer):
            answer = answer(text, decoding)
        return Hypothesis(answer, -0.5) if isinstance(answer, str) else answer
