"""Lints a text that is no draft of the desk, with the context that its sender gives: nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amends_engine.lint.context import UnusableRow
from amends_engine.lint.run import lint_record


class NotLintable(Exception):
    """The text or its context cannot be read; the message says what is wrong with which key."""


def lint_text(
    reply: str, *, comment: str, context: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Verdict, score and findings, in the shape of `amends lint`; raises NotLintable."""
    try:
        result = lint_record(
            {"reply": reply, "comment": comment, "context": dict(context), "lang": language}
        )
    except UnusableRow as error:
        raise NotLintable(str(error)) from error
    return {**result.to_json(), "language": result.language}
