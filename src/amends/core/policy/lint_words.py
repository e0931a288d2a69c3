"""Whether the words of a clause are there, clear, and no rule against criticism."""

from __future__ import annotations

from collections.abc import Iterator

from amends.core.policy.policy import Clause, ClauseText
from amends.core.policy.problems import Problem, error, warning
from amends.core.policy.words import criticism_words, vague_words
from amends.core.text import gettext_noop

_NEEDED = {
    "title": gettext_noop("clause %(clause)s has no title in %(language)s: name the conduct"),
    "rule": gettext_noop("clause %(clause)s has no rule in %(language)s: say what is not allowed"),
    "example": gettext_noop(
        "clause %(clause)s has no example in %(language)s: show what breaks it"
    ),
    "consequence": gettext_noop(
        "clause %(clause)s has no consequence in %(language)s: say what follows"
    ),
}
_READ = ("title", "rule", "consequence")
_LONG_ENOUGH = 20  # characters: a short rule may be the same in two languages by chance


def clause_problems(clause: Clause, *, path: str, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Look at the words of a clause in every language that the policy declares."""
    seen: dict[str, str] = {}
    for code in languages:
        text = clause.texts.get(code, ClauseText())
        place = f"{path}.texts.{code}"
        yield from _missing(clause, text, code=code, path=place)
        for name in _READ:
            yield from _word_problems(getattr(text, name), code=code, path=f"{place}.{name}")
        first = seen.setdefault(text.rule, code)
        if first != code and len(text.rule) >= _LONG_ENOUGH:
            template = gettext_noop("the same words as in %(first)s: translate them")
            yield warning(f"{place}.rule", template, first=first)


def _missing(clause: Clause, text: ClauseText, *, code: str, path: str) -> Iterator[Problem]:
    for name, template in _NEEDED.items():
        if not getattr(text, name):
            yield error(f"{path}.{name}", template, clause=clause.id, language=code)
    if not text.allowed:
        template = gettext_noop(
            "clause %(clause)s does not show in %(language)s what looks alike and is fine"
        )
        yield warning(f"{path}.allowed", template, clause=clause.id, language=code)


def _word_problems(text: str, *, code: str, path: str) -> Iterator[Problem]:
    criticism = criticism_words(text, language=code)
    for word in criticism:
        template = gettext_noop(
            "“%(word)s” would make criticism removable; name the conduct instead, "
            "or say that criticism stays"
        )
        yield error(path, template, word=word)
    for word in vague_words(text, language=code):
        if word not in criticism:
            template = gettext_noop("“%(word)s” is vague: say exactly what is meant")
            yield warning(path, template, word=word)
