"""Tags of the policy's pages: parts and clauses in words."""

from __future__ import annotations

from django import template

from amends.core.policy.policy import Clause
from amends.web.policy_words import PARTS

register = template.Library()


@register.filter
def policy_part(name: str) -> str:
    """A part of a clause or page in the reader's language."""
    return str(PARTS.get(name, name))


@register.simple_tag
def clause_title(clause: Clause, language: str) -> str:
    """The title of a clause in a language, its id where it has none."""
    return clause.text(language).title or clause.id
