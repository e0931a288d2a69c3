"""Q14 the language of the comment, Q15 one form of address."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Remark
from amends_engine.lint.patterns import Hit

ANY_FORM = "neutral"
"""A form that fits beside every other."""


def answers_in_their_language(draft: Draft) -> Iterator[Remark]:
    """Q14: in the language of the comment, or one that the profile allows."""
    theirs, ours = draft.comment_language, draft.reply_language
    if not theirs or not ours or theirs == ours:
        return
    allowed = {code.lower().partition("-")[0] for code in draft.context.fallback_langs}
    if ours not in allowed:
        yield Remark("Q14", "block")


def keeps_one_address(draft: Draft) -> Iterator[Remark]:
    """Q15: one form of address, and that of the profile."""
    forms = _forms_used(draft)
    if not forms:
        return
    wanted = draft.context.address
    if len(forms) > 1:
        kept = wanted if wanted in forms else max(forms, key=lambda form: len(forms[form]))
        strange = [hit for form, hits in forms.items() if form != kept for hit in hits]
        yield draft.at_hit("Q15.mixed", "block", min(strange, key=lambda hit: hit.first))
        return
    [(form, hits)] = forms.items()
    if wanted in draft.language.address and form != wanted:
        yield draft.at_hit("Q15.other", "warn", hits[0])


def _forms_used(draft: Draft) -> dict[str, list[Hit]]:
    found = {
        form: [hit for hit in draft.reply.find(f"address.{form}") if not _names_another(draft, hit)]
        for form in draft.language.address
    }
    return {form: hits for form, hits in found.items() if hits}


def _names_another(draft: Draft, hit: Hit) -> bool:
    """Return whether a title stands before a name inside a sentence: "Pak Joko datang" is staff; or is
    somebody of whom the comment tells."""
    titles = {title.first for title in draft.reply.find("customer_title")}
    words, text = draft.reply.words, draft.reply.text
    if hit.first not in titles:
        return False
    if draft.comment is not None and words.keys[hit.first] in draft.comment.all_keys:
        return True  # "my mother" of the comment is the "mother" of the reply, not who is addressed
    if hit.last + 1 >= len(words.keys):
        return False
    before = text[: words.spans[hit.first][0]].rstrip()
    is_inside = bool(before) and before[-1] not in ".!?…\n"
    following = words.spans[hit.last + 1][0]
    gap = text[words.spans[hit.last][1] : following]
    return is_inside and not gap.strip() and text[following].isupper()
