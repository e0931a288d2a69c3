"""Q02 owns the fault, Q03 no non-apology, Q07 no defence, Q27 apology before solution."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Remark
from amends_engine.lint.patterns import Hit

BUT_WITHIN = 7
"""Words after an apology within which a "but" takes it back."""


def owns_the_fault(draft: Draft) -> Iterator[Remark]:
    """Q02: from one percent of fault on, responsibility in the first person and an apology."""
    context, reply = draft.context, draft.reply
    if not context.is_at_fault or draft.is_statement_of_reasons:
        return
    if context.turns_public and context.required and not context.requires("REG", "RESP"):
        return  # it was said in an earlier turn, and the decision does not ask for it again
    causes = list(draft.at_hits("Q02.cause", "block", "external_cause"))
    # "We typed the name wrong": whoever tells what we did has owned it, unless a cause stands by.
    is_owned = reply.has("responsibility") or (reply.has("own_act") and not causes)
    # An apology that is none is told by Q03; it is not missing as well.
    if is_owned and reply.has("apology", "non_apology"):
        return
    if causes and not is_owned:
        yield causes[0]
    else:
        yield Remark("Q02", "block")


def has_no_non_apology(draft: Draft) -> Iterator[Remark]:
    """Q03: sorry for what was done, not for how it is felt."""
    yield from draft.at_hits("Q03", "block", "non_apology")


def is_not_defensive(draft: Draft) -> Iterator[Remark]:
    """Q07: no defence, and no "but" right after the apology."""
    if draft.context.category == "praise" or draft.is_statement_of_reasons:
        return
    yield from draft.at_hits("Q07", "warn", "defensive")
    for hit in draft.reply.find("apology"):
        but = _but_after(draft, hit)
        if but is not None:
            yield draft.at_hit("Q07.but", "warn", but)
            return


def _but_after(draft: Draft, apology: Hit) -> Hit | None:
    """Return from the apology to the "but", unless what follows is what we do and when."""
    sentence = draft.reply.sentence_of(apology)
    for but in draft.reply.find("but"):
        if draft.reply.sentence_of(but) != sentence or not but.first > apology.last:
            continue
        if but.first - apology.last > BUT_WITHIN:
            continue
        helps = [hit for hit in draft.reply.in_sentence(sentence, "repair", "commit", "fix")
                 if hit.last > but.first]  # fmt: skip
        times = [hit for hit in draft.exact_times
                 if draft.reply.sentence_of(hit) == sentence and hit.first > but.first]  # fmt: skip
        if not (helps and times):
            return Hit(-1, apology.first, but.last)
    return None


def apologises_before_solving(draft: Draft) -> Iterator[Remark]:
    """Q27: regret or responsibility stands before the repair (S2.38)."""
    sorry = draft.reply.find_any("apology", "responsibility")
    solved = draft.reply.find_any("repair", "commit")
    if draft.is_statement_of_reasons or draft.context.requires("CLOSE") or not sorry or not solved:
        return  # a closing note tells what was mended
    told = draft.reply.sentences_with("responsibility", "own_act")  # how it came about
    if solved[0].first < sorry[0].first and draft.reply.sentence_of(solved[0]) not in told:
        yield draft.at_hit("Q27", "warn", solved[0])
