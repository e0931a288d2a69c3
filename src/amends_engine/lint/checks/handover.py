"""Q06 the hand-over, Q19 no gift in public, Q23 no bargain for deletion, Q29 who speaks."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Level, Remark

HOTLINE_DIGITS = 6


def hands_over_well(draft: Draft) -> Iterator[Remark]:
    """Q06: asks no data in public; an invitation to write in private says why and what follows."""
    if not draft.context.public or draft.is_statement_of_reasons:
        return
    reply = draft.reply
    ways = reply.find("private_way")
    asked = False
    ours = _our_forms(draft)
    for hit in reply.find("ask_data"):
        number = reply.sentence_of(hit)
        # "Leave your e-mail" names a datum, not a private way.
        private = {reply.sentence_of(way) for way in ways if not hit.first <= way.first <= hit.last}
        private |= ours
        if {number, number - 1} & private and not reply.in_sentence(number, "here"):
            continue
        asked = True
        yield draft.at_hit("Q06.data", "block", hit)
        break
    if asked or ours or reply.has("privacy_reason", "outcome_here"):
        return
    for hit in reply.find("off_request"):
        if not _gives_a_number(draft, reply.sentence_of(hit)):
            yield draft.at_hit("Q06.bare", "warn", hit)
            return


def _our_forms(draft: Draft) -> set[int]:
    """Return the sentences in which a form of ours stands (`private_links`): what is filled in there, nobody
    else reads, and the page itself says who does."""
    text = draft.reply.text
    return {
        _sentence_at(draft, at)
        for link in draft.context.private_links
        if (at := text.find(link)) >= 0
    }


def _sentence_at(draft: Draft, at: int) -> int:
    sentences = enumerate(draft.reply.sentences)
    return next((number for number, one in sentences if at < one.end), 0)


def _gives_a_number(draft: Draft, sentence: int) -> bool:
    """Return whether a sentence names a telephone number: a hotline is no hiding place."""
    digits = sum(len(key) for key in draft.reply.keys_of(sentence) if key.isdigit())
    return digits >= HOTLINE_DIGITS


def gives_nothing_in_public(draft: Draft) -> Iterator[Remark]:
    """Q19: no gift of goodwill in the first public reply; own money returned is a repair."""
    context = draft.context
    if not context.public or context.turns_public or not context.has("turns_public"):
        return
    level: Level = "block" if context.virality == "high" else "warn"
    yield from list(draft.at_hits("Q19", level, "gift"))[:1]


def makes_no_bargain(draft: Draft) -> Iterator[Remark]:
    """Q23: help is not tied to the deletion or change of what was written."""
    yield from list(draft.at_hits("Q23", "block", "bargain"))[:1]


def discloses_affiliation(draft: Draft) -> Iterator[Remark]:
    """Q29: on the ground of others, the reply says who speaks."""
    if draft.context.channel_owner != "third_party":
        return
    signed = any(name and name in draft.reply.text for name in draft.context.signatures)
    if not signed and not draft.reply.has("affiliation"):
        yield Remark("Q29", "warn")
