"""Reads the first sentences of a language: what there is to acknowledge by topic, and the other parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

OTHER = "other"


class UnknownLanguage(ValueError):
    """No first sentences are written in this language."""


@dataclass(frozen=True, slots=True)
class Starters:
    """The sentences of one language, each in several wordings; `forms` fill its forms of address.

    `hand_over` leads into a private conversation (with {link}), `closing` tells the public how one ended.
    """

    language: str
    version: str
    greeting: Sequence[str]
    acknowledge: Mapping[str, Sequence[str]]
    parts: Mapping[str, Sequence[str]]
    sign: Sequence[str]
    forms: Mapping[str, Mapping[str, str]]
    hand_over: Sequence[str]
    closing: Sequence[str]

    def words_of(self, address: str) -> Mapping[str, str]:
        """Return the pronouns of a form of address, those of the first where it is not known."""
        if not self.forms:
            return {}
        return self.forms.get(address) or next(iter(self.forms.values()))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that first sentences are written in."""
    folder = resources.files("amends_engine.compose") / "starters"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir()))


@cache
def load_starters(language: str) -> Starters:
    """Return the sentences of a language; raise UnknownLanguage where there are none."""
    if language not in languages():
        raise UnknownLanguage(f"no first sentences in {language!r}; there are {languages()}")
    file = resources.files("amends_engine.compose") / "starters" / f"{language}.yaml"
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Starters(
        language=raw["language"],
        version=str(raw["version"]),
        greeting=raw["greeting"],
        acknowledge=raw["ack"],
        parts=raw["components"],
        sign=raw["sign"],
        forms=raw.get("forms", {}),
        hand_over=raw["hand_over"],
        closing=raw["closing"],
    )
