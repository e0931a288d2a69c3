"""Whether what stands around the clauses is there in every language: promise, appeal, who decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from amends.core.policy.policy import PageText, Policy
from amends.core.policy.problems import Problem, error, warning
from amends.core.policy.words import vague_words
from amends.core.text import gettext_noop

LEAST_APPEAL = timedelta(days=180)  # six months (R9)
_WANTED = {
    "introduction": gettext_noop(
        "no introduction in %(language)s: say for whom and where this holds"
    ),
    "promises": gettext_noop("no promise in %(language)s: say what readers can rely on"),
    "register": gettext_noop(
        "%(language)s does not say which way of speaking is fine here, and which languages"
    ),
    "decides": gettext_noop(
        "%(language)s does not say who decides: a person, never a machine alone"
    ),
    "appeal": gettext_noop("%(language)s does not say how to appeal, and until when"),
    "contact": gettext_noop("%(language)s does not say where to ask"),
}
_READ = ("register", "decides", "appeal")


def page_problems(policy: Policy) -> Iterator[Problem]:
    """Look at the page of each language, and at the times of an appeal."""
    yield from _time_problems(policy)
    for code in policy.languages:
        path = f"pages.{code}"
        page = policy.pages.get(code)
        if page is None:
            template = gettext_noop("no page in %(language)s: write what stands around the clauses")
            yield error("pages", template, language=code)
            continue
        yield from _part_problems(page, code=code, path=path)


def _part_problems(page: PageText, *, code: str, path: str) -> Iterator[Problem]:
    if not page.title:
        yield error(path, gettext_noop("no title in %(language)s: write one"), language=code)
    if not page.never_removed:
        template = gettext_noop(
            "%(language)s does not say what is never removed: write it, criticism first"
        )
        yield error(path, template, language=code)
    for name, template in _WANTED.items():
        if not getattr(page, name):
            yield warning(path, template, language=code)
    for name in _READ:
        for word in vague_words(getattr(page, name), language=code):
            template = gettext_noop("“%(word)s” is vague: say exactly what is meant")
            yield warning(f"{path}.{name}", template, word=word)


def _time_problems(policy: Policy) -> Iterator[Problem]:
    if policy.appeal.within is None:
        template = gettext_noop("no time limit for an appeal: write `within: 184d` under `appeal`")
        yield warning("appeal", template)
    elif policy.appeal.within < LEAST_APPEAL:
        template = gettext_noop("less than six months for an appeal: write at least `within: 180d`")
        yield warning("appeal", template)
    if policy.appeal.answer is None:
        template = gettext_noop("no time limit for our answer: write `answer: 14d` under `appeal`")
        yield warning("appeal", template)
