"""What pages of working together need of their templates: the names that a note calls."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amends.cases.note import MENTION, plain_name

register = template.Library()


@register.filter
def mentions(text: str, people: Iterable[tuple[str, str]]) -> SafeString:
    """The words of a note with the names marked that call a colleague; an @ that calls nobody is left."""
    known = {
        name for one, word in people for name in (plain_name(word), plain_name(one.split()[0]))
    }
    parts: list[SafeString] = []
    end = 0
    for found in MENTION.finditer(text):
        if plain_name(found.group(1)) not in known:
            continue
        parts.append(format_html("{}", text[end : found.start()]))
        parts.append(format_html('<mark class="mention">{}</mark>', found.group()))
        end = found.end()
    parts.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))
