"""Tags and filters that every template may use without loading them (settings: builtins)."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from amends.web import labels

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration and hidden from screen readers."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.filter
def unlocalize_id(value: object) -> str:
    """A key as plain digits; the locale must not put separators into it."""
    return "" if value is None else str(value)


@register.filter
def channel_error(code: str) -> str:
    """What an error code of a channel means, in words."""
    return labels.channel_error(code)
