"""Words for what is told of an author."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from amends.connectors.registry import manifests
from amends.web import labels

register = template.Library()


@register.filter
def channel_name(kind: str) -> str:
    """The name of a channel by its kind."""
    found = manifests().get(kind)
    return _(found.label) if found else kind


@register.filter
def ground(code: str) -> str:
    """The ground of a measure in words."""
    return labels.label_of(labels.GROUNDS, code)
