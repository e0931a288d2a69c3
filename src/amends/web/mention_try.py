"""Tries a rule on a pasted text: is it a mention, which places say so, how fares each part of the query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from amends.inbox.match import Explanation, Place, Rule, places_of, typed_post
from amends.web import labels
from amends.web.mention_words import part_words, place_words

_LANGUAGES = [
    ("", gettext_lazy("the channel does not say")),
    *((code, words) for code, words in labels.LANGUAGES.items() if code != "und"),
]


class TryForm(forms.Form):
    """A text as it might come in."""

    text = forms.CharField(
        label=gettext_lazy("Text to try"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=5000,
        strip=False,
        error_messages={"required": gettext_lazy("Paste a text to try.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the text"), choices=_LANGUAGES, required=False
    )
    author = forms.CharField(
        label=gettext_lazy("Handle of the author"), max_length=100, required=False
    )
    channel = forms.CharField(
        label=gettext_lazy("Channel"),
        help_text=gettext_lazy("Its code, for example bluesky."),
        max_length=40,
        required=False,
    )


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the query with its verdict in words."""

    query: str
    is_met: bool
    why: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it; `marked` is the text with the places in <mark>."""

    is_mention: bool
    marked: SafeString
    places: tuple[str, ...]
    part: PartView
    has_names: bool


def try_text(form: TryForm, *, rule: Rule) -> Trial:
    """Ask the rule about the text of a valid form."""
    said = form.cleaned_data
    post = typed_post(
        said["text"],
        language=said["language"],
        author=said["author"].strip(),
        channel=said["channel"].strip(),
    )
    explanation = rule.explain(post)
    places = places_of(explanation) if explanation.is_met else list(_all_places(explanation))
    return Trial(
        is_mention=explanation.is_met,
        marked=mark_places(said["text"], places),
        places=tuple(dict.fromkeys(place_words(one, said["text"]) for one in places)),
        part=_view(explanation),
        has_names=rule.is_on,
    )


def mark_places(text: str, places: list[Place]) -> SafeString:
    """The text with its places marked, each titled by why it counts; overlaps are marked once."""
    parts: list[tuple[str, str, str]] = []
    at = 0
    for place in sorted(places, key=lambda one: (one.start, -one.end)):
        if place.start < at:
            continue
        words = text[place.start : place.end]
        parts.append((text[at : place.start], place_words(place, text), words))
        at = place.end
    marked = format_html_join("", '{}<mark title="{}">{}</mark>', parts)
    return format_html("{}{}", marked, text[at:])


def _all_places(part: Explanation) -> Iterator[Place]:
    """What was found although the whole does not hold, so that one sees what is missing."""
    if part.is_met:
        yield from places_of(part)
        return
    for one in part.parts:
        yield from _all_places(one)


def _view(part: Explanation) -> PartView:
    return PartView(
        query=part.query,
        is_met=part.is_met,
        why=part_words(part),
        parts=tuple(_view(one) for one in part.parts),
    )
