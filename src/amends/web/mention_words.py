"""Says in the reader's language why a text counts as a mention, and what is wrong with a query."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amends.inbox.change_mentions import MentionsRefused
from amends.inbox.match import Explanation, Place
from amends.web.labels import Words

TERM_KINDS: Mapping[str, Words] = MappingProxyType(
    {
        "brand": gettext_lazy("Brand"),
        "product": gettext_lazy("Product"),
        "person": gettext_lazy("Person"),
    }
)
WHYS: Mapping[str, Words] = MappingProxyType(
    {
        "found": gettext_lazy("is there"),
        "not_found": gettext_lazy("is not there"),
        "all": gettext_lazy("all of it holds"),
        "not_all": gettext_lazy("not all of it holds"),
        "one_of": gettext_lazy("at least one holds"),
        "none_of": gettext_lazy("none holds"),
        "absent": gettext_lazy("is not there, as wished"),
        "present": gettext_lazy("is there and must not be"),
        "near": gettext_lazy("stand near enough"),
        "same": gettext_lazy("fits"),
        "other": gettext_lazy("does not fit"),
        "unknown": gettext_lazy("is not known, so it keeps nothing out"),
    }
)
TERM_FAULTS: Mapping[str, Words] = MappingProxyType(
    {
        "empty": gettext_lazy("Write something, or leave no comma behind."),
        "too_long": gettext_lazy("“%(found)s” is too long: at most 80 characters and 6 words."),
        "too_short": gettext_lazy("“%(found)s” is too short: at least 2 letters or digits."),
        "too_many": gettext_lazy("%(found)s are too many."),
        "bad_key": gettext_lazy("A name needs letters or digits."),
        "bad_character": gettext_lazy("“%(found)s” has a character that cannot be searched."),
        "unknown_language": gettext_lazy("“%(found)s” is no language of ours."),
        "repeated": gettext_lazy(
            "“%(found)s” stands here twice: put the spellings of one thing in one place."
        ),
    }
)
QUERY_FAULTS: Mapping[str, Words] = MappingProxyType(
    {
        "too_long": gettext_lazy(
            "The query has %(found)s characters; at most %(limit)s are possible. Shorten it."
        ),
        "too_many": gettext_lazy("The query has more than %(limit)s parts. Take some out."),
        "too_deep": gettext_lazy(
            "Parentheses and NOT stand more than %(limit)s deep here. Write it flatter."
        ),
        "unclosed_parenthesis": gettext_lazy("This ( is never closed. Add a )."),
        "unopened_parenthesis": gettext_lazy(
            "This ) closes nothing. Take it out, or open a ( before it."
        ),
        "empty_group": gettext_lazy(
            "There is nothing between these parentheses. Write a word, or take them out."
        ),
        "unclosed_quote": gettext_lazy("This quotation mark is never closed. Add another one."),
        "empty_phrase": gettext_lazy(
            "There are no letters between these quotation marks. Write a word."
        ),
        "missing_before": gettext_lazy(
            "Something is missing before %(found)s. Write a word there."
        ),
        "missing_after": gettext_lazy("Something is missing after %(found)s. Write a word there."),
        "not_a_word": gettext_lazy(
            "%(found)s has no letters or digits. Write a word, or AND, OR, NOT."
        ),
        "unknown_field": gettext_lazy("%(found)s is not known here. Write one of %(known)s."),
        "missing_value": gettext_lazy(
            "Something is missing after %(found)s. Write the value without a blank."
        ),
        "unknown_term": gettext_lazy(
            "There is no %(found)s among the names above. There are: %(known)s."
        ),
        "unknown_language": gettext_lazy(
            "%(found)s is no language of ours. Write one of %(known)s."
        ),
        "bad_distance": gettext_lazy(
            "%(found)s is no distance. Write near/1 to near/%(limit)s, for example near/5."
        ),
        "near_operands": gettext_lazy(
            "near stands between words, phrases and names, not beside %(found)s."
        ),
        "only_excludes": gettext_lazy(
            "%(found)s would match everything else. Add a word that must be there."
        ),
        "bad_prefix": gettext_lazy(
            "%(found)s: write at least 2 letters before the star, and no star elsewhere."
        ),
    }
)


def place_words(place: Place, text: str) -> str:
    """Why a place in a text counts; the words of the text are cut out here, they are kept nowhere."""
    facts = {"name": place.term, "written": text[place.start : place.end]}
    if place.kind == "word":
        return _("“%(written)s”: a word of the query") % facts
    if place.kind == "misspelt":
        letters = ngettext(
            "%(count)d letter is wrong", "%(count)d letters are wrong", place.distance
        ) % {"count": place.distance}
        return _("“%(written)s” is read as %(name)s: %(why)s") % {**facts, "why": letters}
    if place.tag == "@":
        return _("“%(written)s”: %(name)s in a handle") % facts
    if place.tag == "#":
        return _("“%(written)s”: %(name)s in a hashtag") % facts
    sentences = {
        "inflected": _("“%(written)s”: %(name)s with an ending"),
        "transliterated": _("“%(written)s”: %(name)s in letters of another alphabet"),
    }
    return sentences.get(place.kind, _("“%(written)s”: %(name)s, as it is written")) % facts


def part_words(part: Explanation) -> str:
    """Why a part of a query holds or does not."""
    if part.why == "too_far":
        return ngettext(
            "too far apart: %(count)d word lies between",
            "too far apart: %(count)d words lie between",
            part.gap,
        ) % {"count": part.gap}
    return str(WHYS.get(str(part.why), part.why))


def refusal_words(refused: MentionsRefused) -> str:
    """What is wrong with a term or a query, for the field at fault."""
    if not refused.code:
        return str(refused)
    if refused.field != "query":
        return str(TERM_FAULTS.get(refused.code, str(refused))) % refused.facts
    sentence = str(QUERY_FAULTS.get(refused.code, str(refused))) % refused.facts
    return _("Character %(column)s: %(sentence)s") % {
        "column": refused.facts.get("column"),
        "sentence": sentence,
    }
