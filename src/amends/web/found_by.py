"""The line on a case that says by what its comment was found, when nobody called us by our handle."""

from __future__ import annotations

from dataclasses import dataclass

from amends.inbox.match import places_from_json
from amends.inbox.models import Version
from amends.inbox.queries import mention_of
from amends.web.mention_words import place_words

SHOWN = 3


@dataclass(frozen=True, slots=True)
class FoundBy:
    """Why the comment counts as a mention, and which version of the names and the query said so."""

    reasons: tuple[str, ...]
    version: int


def found_by(version: Version | None) -> FoundBy | None:
    """By what the words on the page were found; None where they name nobody of the list."""
    mention = mention_of(version) if version is not None and version.text else None
    if version is None or mention is None:
        return None
    places = places_from_json(mention.places)
    named = [place for place in places if place.term] or places
    reasons = dict.fromkeys(place_words(place, version.text) for place in named)
    return FoundBy(tuple(reasons)[:SHOWN], mention.mention_query.version)
