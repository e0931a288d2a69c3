"""Tags and filters that every template may use without loading them (settings: builtins)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from amends.accounts.models import Act
from amends.core.diff import Change, Piece
from amends.web import labels
from amends.web.spans import cut_text

register = template.Library()

CLOCK = "H:i"  # the same in all five languages: a desk that counts minutes has no room for a.m.


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
def bdi(name: object) -> SafeString:
    """A name apart from the direction of the sentence around it; also within `blocktranslate`."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def channel_error(code: str) -> str:
    """What an error code of a channel means, in words."""
    return labels.channel_error(code)


@register.filter
def category(code: str) -> str:
    """A category in words; empty while nobody knows it."""
    return labels.label_of(labels.CATEGORIES, code) if code else ""


@register.filter
def filter_name(name: str) -> str:
    """What a filter of the inbox is called."""
    return labels.label_of(labels.FILTERS, name)


@register.filter
def capture_method(code: str) -> str:
    """How the desk came to know of a version, in words."""
    return labels.label_of(labels.CAPTURE_METHODS, code)


@register.filter
def severity(code: str) -> str:
    """A severity in words."""
    return labels.label_of(labels.SEVERITIES, code) if code else ""


@register.filter
def spoken_language(code: str) -> str:
    """The name of a language in the reader's own."""
    return labels.label_of(labels.LANGUAGES, code or "und")


@register.filter
def html_lang(code: str) -> str:
    """A `lang` attribute for other people's words; nothing where the language is not sure."""
    if not code or code == "und":
        return SafeString("")
    return format_html(' lang="{}"', code)


@register.simple_tag
def when(moment: datetime | None, now: datetime) -> SafeString:
    """A moment as people say it: the clock today, the day within the year; the whole in the title."""
    if moment is None:
        return SafeString("")
    local, today = timezone.localtime(moment), timezone.localtime(now)
    if local.date() == today.date():
        words = date_format(local, CLOCK)
    elif local.year == today.year:
        words = f"{date_format(local, 'j M')}, {date_format(local, CLOCK)}"
    else:
        words = date_format(local, "SHORT_DATE_FORMAT")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        full_moment(moment),
        words,
    )


def full_moment(moment: datetime) -> str:
    """Date and clock in full, in the reader's time zone."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, CLOCK)}"


@register.filter
def span_words(span: timedelta | None) -> str:
    """A length of time in words: the largest unit that fits, and the next one where it matters."""
    if span is None:
        return ""
    minutes = max(int(abs(span).total_seconds() // 60), 0)
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return pgettext("hours and minutes", "%(hours)d h %(minutes)d min") % {
            "hours": hours,
            "minutes": rest,
        }
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


@register.filter
def work_hours(minutes: int) -> str:
    """Working time as a person counts it: minutes below two hours, else hours."""
    if minutes < 120 and minutes != 60:
        return short_minutes(minutes)
    hours, rest = divmod(minutes, 60)
    return f"{short_hours(hours)} {short_minutes(rest)}" if rest else short_hours(hours)


@register.simple_tag
def due(moment: datetime | None, now: datetime, what: str = "") -> SafeString:
    """The time that is left as a small clock, or how late it is: a word, an icon and a colour together."""
    if moment is None:
        return SafeString("")
    left = moment - now
    is_late = left <= timedelta(0)
    words = _("late") if is_late else ""
    local = full_moment(moment)
    spoken = (
        _("%(what)s is late by %(span)s, was due %(at)s")
        if is_late
        else _("%(what)s due in %(span)s, at %(at)s")
    ) % {"what": what or _("Reply"), "span": span_words(left), "at": local}
    return format_html(
        '<span class="due{}" title="{}" data-due="{}" data-word="{}" '
        'data-minutes="{}" data-hours="{}">{}'
        '<span aria-hidden="true"><span class="due-word">{}</span> '
        '<span class="due-clock">{}</span></span><span class="visually-hidden">{}</span></span>',
        " due-late" if is_late else (" due-soon" if left < timedelta(minutes=15) else ""),
        spoken,
        moment.isoformat(timespec="seconds"),
        _("late"),
        short_minutes(0),
        short_hours(0),
        icon("triangle-alert") if is_late else icon("clock"),
        words,
        short_span(left),
        spoken,
    )


def short_span(left: timedelta) -> str:
    """A length of time in its largest unit, for places where there is room for no more."""
    minutes = int(abs(left).total_seconds() // 60)
    if minutes < 60:
        return short_minutes(minutes)
    return short_hours(minutes // 60) if minutes < 24 * 60 else span_words(left)


def short_minutes(count: int) -> str:
    """Minutes with their unit."""
    return pgettext("short length of time", "%(count)d min") % {"count": count}


def short_hours(count: int) -> str:
    """Hours with their unit."""
    return pgettext("short length of time", "%(count)d h") % {"count": count}


@register.filter
def diff(pieces: Iterable[Piece]) -> SafeString:
    """What changed, readable for eyes and screen readers: removed struck out, added underlined."""
    tags = {Change.REMOVED: "del", Change.ADDED: "ins"}
    return format_html_join(
        "",
        "{}{}{}",
        (
            (
                mark_safe(f"<{tags[piece.change]}>") if piece.change in tags else "",  # noqa: S308
                piece.text,
                mark_safe(f"</{tags[piece.change]}>") if piece.change in tags else "",  # noqa: S308
            )
            for piece in pieces
        ),
    )


@register.filter
def highlight(text: str, reasons: Iterable[Mapping[str, Any]]) -> SafeString:
    """The text with the words marked that the engine's judgement rests on (offsets in code points).

    What a mark speaks for is its title. The customer's words stay whole for who hears or copies
    them; the list of reasons below says the same in words.
    """
    parts = []
    for segment in cut_text(text, reasons):
        if not segment.fields:
            parts.append(format_html("{}", segment.text))
            continue
        fields = ", ".join(labels.field_or_flag(field) for field in segment.fields)
        parts.append(
            format_html(
                '<mark title="{}">{}</mark>',
                fields,
                segment.text,
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag
def options(name: str, chosen: object = "") -> SafeString:
    """The <option>s of a table of `labels`, with the chosen one selected."""
    table: Mapping[str, Any] = getattr(labels, name)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (code, mark_safe(" selected") if code == str(chosen) else "", words)
            for code, words in table.items()
        ),
    )


@register.simple_tag
def choices(name: str, table: str, chosen: object = "") -> SafeString:
    """Radio buttons for a table of `labels`, with the chosen one checked."""
    offered: Mapping[str, Any] = getattr(labels, table)
    return format_html_join(
        "",
        '<label><input type="radio" name="{}" value="{}"{}>{}</label>',
        (
            (name, code, mark_safe(" checked") if code == str(chosen) else "", words)
            for code, words in offered.items()
        ),
    )


@register.filter
def act_words(what: str) -> str:
    """What a delegated authority was used for: an act with its amount, or an approval."""
    code, _space, amount = what.partition(" ")
    words = _("Approve") if code == "approve" else dict(Act.choices).get(code, code)
    return f"{words} {amount}".strip()


@register.filter
def safe_url(url: str) -> str:
    """An address that a channel gave us, as long as a click on it leads to a page and runs nothing."""
    return url if url.startswith(("https://", "http://")) else "#"
