"""What the sources behind a rule say, each in one sentence of the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amends.core.playbook.sources import find_source


def source_words(code: str) -> str:
    """The sentence of a source; empty for one that a workspace's own playbook names."""
    source = find_source(code)
    return _(source.says) if source else ""


def source_owner(code: str) -> str:
    """Who says it, in a few words; empty for a source of a workspace's own playbook."""
    source = find_source(code)
    return _(source.who) if source else ""
