"""Q20 no speculation, Q24 a truthful status, Q22 stands alone, Q21 length, Q17 no debate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.lint.draft import Draft, content_of
from amends_engine.lint.finding import Remark
from amends_engine.lint.patterns import Hit
from amends_engine.lint.reading import read_text
from amends_engine.text.normalise import MAX_CHARS

CURT_WORDS = 8
TROLL_WORDS = 60
DEBATE_TURNS = 2
LONGEST_CHARS = {"x": 280}
SHORTEST_WORDS = {"facebook": 20, "instagram": 20, "review": 40}
LONGEST_WORDS = {"facebook": 90, "instagram": 90, "review": 150, "email": 200}

LONGEST_ABBREVIATION = 5
MANY_ABBREVIATIONS = 2
"""One may be a name; two are the language of a workshop."""
SHOUTED = 0.3

_CODE = re.compile(
    r"(?<![\w/-])(?:INC|REQ|TKT|TCK|CRM|CAS|CASE|TASK|REF|SRV|SRQ|JIRA|RQ|SR|CS|TT|OTRS|RITM|CHG|WO"
    r"|PRB|RMA|CMP|TIC|DOS|ZD|SD|HD|OPS|QA|BO|DC)[-_#/ ]?\d{3,12}(?!\w)"
)


def does_not_guess(draft: Draft) -> Iterator[Remark]:
    """Q20: no guess at a cause or a culprit; a figure stands in the facts or is not said."""
    reply = draft.reply
    if draft.context.category == "praise" or draft.is_statement_of_reasons:
        return
    yield from draft.at_hits("Q20", "block", "speculation")
    flagged = reply.sentences_with("speculation")
    for number in sorted(reply.sentences_with("hedge") - flagged):
        hedges, others = (
            reply.in_sentence(number, "hedge"),
            reply.in_sentence(number, "third_party"),
        )
        if others and not reply.sentences[number].is_question:
            first, last = sorted((hedges[0], others[0]), key=lambda hit: hit.first)
            yield draft.at_hit("Q20", "block", Hit(-1, first.first, max(first.last, last.last)))
    if draft.context.has("facts"):
        yield from _unknown_figures(draft)


def _unknown_figures(draft: Draft) -> Iterator[Remark]:
    """Yield figures (shares and counts of people or cases) that nobody has noted as a fact."""
    known = " ".join(
        [
            *draft.context.facts,
            draft.comment.text if draft.comment else "",
            *(row.text for row in draft.context.promises),
        ]
    )
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", known))
    for hit in draft.reply.find("figure"):
        start, end = draft.reply.span(hit)
        said = re.findall(r"\d+(?:[.,]\d+)*", draft.reply.text[start:end])
        if said and not set(said) <= numbers:
            yield Remark("Q20.figure", "block", start, end)


def tells_the_true_status(draft: Draft) -> Iterator[Remark]:
    """Q24: "solved", "sent", "refunded" only when the case, or a fact, says so."""
    if draft.context.case_state != "open" or draft.context.category == "praise":
        return
    if draft.is_statement_of_reasons:  # which tells what was done to a comment
        return
    known = " ".join(draft.context.facts).casefold()
    for hit in draft.reply.find("done"):
        if draft.reply.is_asked(hit):
            continue
        last = draft.reply.words.keys[hit.last]
        if known and len(last) > 3 and last[:5] in known:
            continue
        if _is_told_by_a_fact(draft, draft.reply.sentence_of(hit)):
            continue
        yield draft.at_hit("Q24", "block", hit)
        return


def _is_told_by_a_fact(draft: Draft, number: int) -> bool:
    """Return whether a fact says of the same thing, in whatever form of the verb, that it is done."""
    said = content_of(draft.reply, draft.reply.keys_of(number))
    facts = (read_text(fact, language=draft.language) for fact in draft.context.facts)
    return any(fact.has("done") and said & content_of(fact, fact.all_keys) for fact in facts)


def stands_alone(draft: Draft) -> Iterator[Remark]:
    """Q22: no internal codes or abbreviations, nothing that only the private thread explains."""
    if draft.context.has("public") and not draft.context.public:
        return
    known = draft.comment.text if draft.comment else ""
    for match in _CODE.finditer(draft.reply.text):
        if match[0] not in known:
            yield Remark("Q22", "warn", match.start(), match.end())
            break
    else:
        codes = [hit for hit in draft.reply.find("internal") if _is_code(draft, hit)]
        for hit in [*codes, *_case_numbers(draft), *_abbreviations(draft)]:
            start, end = draft.reply.span(hit)
            if draft.reply.text[start:end] not in known:
                yield draft.at_hit("Q22", "warn", hit)
                break
    yield from list(draft.at_hits("Q22.private", "warn", "private_reference"))[:1]


def _is_code(draft: Draft, hit: Hit) -> bool:
    """Return whether short letters are written as a code: "BO" is one, Bo is a colleague."""
    start, end = draft.reply.span(hit)
    written = draft.reply.text[start:end]
    return len(written) > LONGEST_ABBREVIATION or not written.istitle()


def _abbreviations(draft: Draft) -> Iterator[Hit]:
    """Yield the first of several short words in capitals that a stranger has to look up."""
    words, text = draft.reply.words, draft.reply.text
    if len(text) > MAX_CHARS or _is_shouted(text):
        return
    known = set(draft.comment.all_keys) if draft.comment else set()
    known |= {words.keys[hit.first] for hit in draft.reply.find("everyday")}
    unknown: dict[str, int] = {}
    for at, key in enumerate(words.keys):
        start, end = words.spans[at]
        written = text[start:end]
        is_short = written.isalpha() and 2 <= len(written) <= LONGEST_ABBREVIATION
        is_plain = key in known or draft.language.is_generic(key)
        if is_short and written.isupper() and not is_plain:
            unknown.setdefault(key, at)
    if len(unknown) >= MANY_ABBREVIATIONS:
        first = min(unknown.values())
        yield Hit(-1, first, first)


def _is_shouted(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) > SHOUTED * len(letters)


def _case_numbers(draft: Draft) -> Iterator[Hit]:
    """Yield "ticket 48213": a word for a case with a number of three digits or more beside it."""
    words = draft.reply.words
    for hit in draft.reply.find("case_word"):
        for at in range(hit.last + 1, min(hit.last + 4, len(words.keys))):
            digits = words.keys[at]
            if (
                digits.isdigit()
                and len(digits) >= 3
                and words.sentences[at] == words.sentences[hit.last]
            ):
                yield Hit(-1, hit.first, at)
                break


def has_the_right_length(draft: Draft) -> Iterator[Remark]:
    """Q21: fits the channel, and is not curt to somebody who complains."""
    context, words = draft.context, draft.word_count
    limit = LONGEST_CHARS.get(context.channel)
    if limit is not None and len(draft.reply.text) > limit:
        yield Remark("Q21.long", "warn")
    if draft.is_statement_of_reasons:
        return
    if context.channel in LONGEST_WORDS and words > LONGEST_WORDS[context.channel]:
        yield Remark("Q21.long", "warn")
    if not context.is_complaint or context.troll_confirmed:
        return
    if words < CURT_WORDS:
        yield Remark("Q21.curt", "warn")
    elif words < SHORTEST_WORDS.get(context.channel, 0):
        yield Remark("Q21.short", "warn")


def does_not_debate(draft: Draft) -> Iterator[Remark]:
    """Q17: no rebuttal of a confirmed troll, none again after two public turns."""
    context, reply = draft.context, draft.reply
    rebuttals = reply.find("rebuttal")
    if context.troll_confirmed:
        if rebuttals:
            yield draft.at_hit("Q17", "block", rebuttals[0])
        elif draft.word_count > TROLL_WORDS and not draft.is_statement_of_reasons:
            yield Remark("Q17.long", "block")
        elif sum(sentence.is_question for sentence in reply.sentences) > 1 or (
            context.turns_public and not reply.has("parting") and not draft.is_statement_of_reasons
        ):
            yield Remark("Q17", "block")
    elif context.turns_public >= DEBATE_TURNS and rebuttals:
        yield draft.at_hit("Q17", "warn", rebuttals[0])
