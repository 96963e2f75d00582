"""What differs between architectures: how each is told the languages. Our ISO 639-1 codes in, the model's own out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.errors import UnsupportedModelError, nearest

ARCHITECTURES = ("marian", "m2m_100", "mbart", "t5", "mt5", "bart", "pegasus")

# ISO 639-1 to the code of NLLB (FLORES-200) and the country that mBART puts behind the language.
_LONG_CODES = {
    "fr": ("fra_Latn", "fr_XX"), "en": ("eng_Latn", "en_XX"), "de": ("deu_Latn", "de_DE"), "es": ("spa_Latn", "es_XX"),
    "it": ("ita_Latn", "it_IT"), "pt": ("por_Latn", "pt_XX"), "nl": ("nld_Latn", "nl_XX"), "ar": ("arb_Arab", "ar_AR"),
    "ru": ("rus_Cyrl", "ru_RU"), "zh": ("zho_Hans", "zh_CN"), "ja": ("jpn_Jpan", "ja_XX"), "pl": ("pol_Latn", "pl_PL"),
    "ro": ("ron_Latn", "ro_RO"), "tr": ("tur_Latn", "tr_TR"), "uk": ("ukr_Cyrl", "uk_UA"), "sv": ("swe_Latn", "sv_SE"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Languages:
    """How a checkpoint is told its languages: the tokenizer's source code, the first target token, a text prefix."""

    source_code: str | None = None
    forced_bos_token_id: int | None = None
    prefix: str = ""


def languages(architecture: str, tokenizer: Any, source: str, target: str, prefix: str) -> Languages:
    """Work out how to tell a checkpoint to go from `source` to `target` (ISO 639-1).

    Raises:
        UnsupportedModelError: the architecture is unknown, or the model does not know a language.
    """
    if architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise UnsupportedModelError(
            f"architecture {architecture!r}{nearest(architecture, ARCHITECTURES)}; known: {known}"
        )
    if architecture in ("m2m_100", "mbart"):
        code, _ = _language_token(tokenizer, source)
        return Languages(code, _language_token(tokenizer, target)[1], prefix)
    if architecture == "marian":
        return Languages(prefix=prefix or _marian_target(tokenizer, target))
    return Languages(prefix=prefix)


def _language_token(tokenizer: Any, language: str) -> tuple[str, int]:
    """Return the tokenizer's code for a language and the id of its token."""
    for code in (language, *_LONG_CODES.get(language, ())):
        for token in (f"__{code}__", *([code] if code != language else [])):
            index: int | None = tokenizer.convert_tokens_to_ids(token)
            if index is not None and index != tokenizer.unk_token_id:
                return code, index
    known = sorted(token.strip("_") for token in tokenizer.all_special_tokens if len(token) > 3 and "_" in token)
    raise UnsupportedModelError(f"the model does not know the language {language!r}{nearest(language, known)}")


def _marian_target(tokenizer: Any, target: str) -> str:
    """Return the ">>eng<<" mark that multilingual Marian models want before a text; empty for the others."""
    codes = getattr(tokenizer, "supported_language_codes", [])
    long = _LONG_CODES.get(target, (target,))[0][:3]
    for code in codes:
        if code.strip("<>").split("_")[0] in (target, long):
            return f"{code} "
    if codes:
        raise UnsupportedModelError(f"the model does not translate to {target!r}; it knows: {', '.join(codes[:12])}")
    return ""
