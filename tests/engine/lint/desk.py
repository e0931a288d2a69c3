"""A desk's usual context, so that a test says only what is unusual about its own."""

from __future__ import annotations

from typing import Any

from amends_engine.lint.context import parse_context
from amends_engine.lint.lint import LintResult, lint_reply

USUAL: dict[str, Any] = {
    "fault_share": 80,
    "severity": "medium",
    "category": "business_error",
    "channel": "forum",
    "public": True,
    "required": [],
    "case_state": "open",
    "recent_replies": [],
    "turns_public": 0,
    "troll_confirmed": False,
}

COMMENTS = {
    "en": "My parcel was due on Tuesday and your hotline never answers.",
    "tr": "Kargom salı gelecekti, hâlâ yok, telefonu açan da yok.",
    "ru": "Посылка должна была прийти во вторник, и на линии никто не отвечает.",
    "nl": "Mijn pakket zou dinsdag komen en jullie nemen de telefoon niet op.",
    "id": "Paket saya harusnya sampai Selasa, teleponnya juga tidak diangkat.",
}


def lint(reply: str, *, lang: str = "en", comment: str | None = None, **context: Any) -> LintResult:
    """Lint a reply in the usual context, changed by `context`."""
    return lint_reply(
        reply,
        comment=COMMENTS[lang] if comment is None else comment,
        lang=lang,
        context=parse_context({**USUAL, **context}),
    )


def checks(result: LintResult, *levels: str) -> set[str]:
    """Return the checks that reported something, at these levels or at any."""
    return {one.check for one in result.findings if not levels or one.level in levels}


def words_of(result: LintResult, check: str, reply: str) -> list[str]:
    """Return the words that a check points at."""
    return [
        reply[one.start : one.end]
        for one in result.findings
        if one.check == check and one.start is not None
    ]
