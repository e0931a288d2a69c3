"""Q01 names the issue, Q18 asks before it defines, Q12 is not canned, Q13 has a human voice."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.draft import SHORT_SENTENCE, Draft, content_of, shares_issue, topics_of
from amends_engine.lint.finding import Remark
from amends_engine.lint.guess import guess_language
from amends_engine.lint.similarity import BLOCK_FROM, WARN_FROM, similarity

FIRST_SENTENCES = 2
MIN_CONTENT = 2
"""Content words that a comment must have before an answer can be asked to share one."""

_NO_ACKNOWLEDGEMENT = ("praise", "spam", "troll", "abuse")


def names_the_issue(draft: Draft) -> Iterator[Remark]:
    """Q01: the first two sentences share a topic or a content word with the comment."""
    if draft.comment is None or draft.is_statement_of_reasons:
        return
    if draft.is_made_of_stock:
        yield Remark("Q01", "block", *_first_sentence(draft))
        return
    if draft.context.category in _NO_ACKNOWLEDGEMENT or draft.context.troll_confirmed:
        return
    if draft.context.required and not draft.context.requires("ACK"):
        return
    if _speaks_another_language(draft) or not _has_issue(draft):
        return
    if not shares_issue(draft.reply, draft.comment, sentences=FIRST_SENTENCES):
        yield Remark("Q01", "block", *_first_sentence(draft))


def _speaks_another_language(draft: Draft) -> bool:
    """Return whether words cannot be compared: whatever was said of it, the comment is in another."""
    heard = guess_language(draft.comment.text) if draft.comment else ""
    theirs = heard or draft.comment_language
    return bool(draft.reply_language) and draft.reply_language != theirs


def _has_issue(draft: Draft) -> bool:
    comment = draft.comment
    if comment is None or draft.context.category == "vague":
        return False
    if topics_of(comment, len(comment.words.keys)):
        return True
    return len(content_of(comment, comment.all_keys)) >= MIN_CONTENT


def _first_sentence(draft: Draft) -> tuple[int | None, int | None]:
    for sentence in draft.reply.sentences:
        if sentence.last - sentence.first >= SHORT_SENTENCE or len(draft.reply.sentences) == 1:
            return (sentence.start, sentence.end) if sentence.end else (None, None)
    return None, None


def asks_when_vague(draft: Draft) -> Iterator[Remark]:
    """Q18: a vague comment is answered by a question; a question alone does not appease (R27)."""
    if draft.context.category != "vague":
        return
    reply = draft.reply
    asking = {at for at, sentence in enumerate(reply.sentences) if sentence.is_question}
    asking |= reply.sentences_with("ask")
    if not asking:
        yield Remark("Q18", "block")
        return
    spoken = {
        at
        for at, sentence in enumerate(reply.sentences)
        if sentence.last - sentence.first >= SHORT_SENTENCE
    }
    is_acknowledged = bool(spoken - asking) or reply.has(
        "apology", "empathy", "responsibility", "stock"
    )
    if not is_acknowledged:
        start, end = _span_of(draft, min(asking))
        yield Remark("Q18.bare", "warn", start, end)


def _span_of(draft: Draft, number: int) -> tuple[int, int]:
    sentence = draft.reply.sentences[number]
    return sentence.start, sentence.end


def is_not_canned(draft: Draft) -> Iterator[Remark]:
    """Q12: differs from the last replies of the team, and says more than stock phrases."""
    likeness = max(
        (similarity(draft.reply.text, other) for other in draft.context.recent_replies),
        default=0.0,
    )
    if likeness >= WARN_FROM:
        yield Remark("Q12", "block" if likeness >= BLOCK_FROM else "warn")
    if draft.is_made_of_stock:
        yield from list(draft.at_hits("Q12.stock", "warn", "stock", "stock_strong"))[:1]
    else:
        yield from list(draft.at_hits("Q12.stock", "warn", "stock_strong"))[:1]


def has_human_voice(draft: Draft) -> Iterator[Remark]:
    """Q13: a person speaks: first person, a name or initials, no "dear customer"."""
    dear = list(draft.at_hits("Q13.dear", "hint", "dear_customer"))
    if dear:
        yield dear[0]
        return
    if draft.is_statement_of_reasons:
        return
    is_signed = draft.reply.has("name_given") or any(
        name and name in draft.reply.text for name in draft.context.signatures
    )
    if not draft.reply.has("first_person") and not is_signed:
        yield Remark("Q13", "hint")
