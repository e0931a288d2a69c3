"""Q16: no personal data of the customer in public; nobody can override it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.lint.draft import Draft
from amends_engine.lint.finding import Remark
from amends_engine.lint.patterns import Hit
from amends_engine.text.normalise import MAX_CHARS
from amends_engine.text.personal_data import (
    PersonalDatum,
    find_personal_data,
    has_bsn_check,
    has_snils_check,
)

FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|yahoo|ymail|icloud|me|aol|gmx|protonmail|proton|mail"
    r"|yandex|ya|rambler|bk|inbox|list|ziggo|kpnmail|planet|xs4all|mynet|rocketmail)\.",
    re.IGNORECASE,
)
_ROLE_MAILBOX = re.compile(
    r"(?:info|support|service|contact|hello|help|helpdesk|care|team|office|desk|privacy|dpo|press"
    r"|appeals?|complaints?|claims|refunds?|returns?|orders|bookings?|reservations?|customer\W?\w*"
    r"|bezwaar|klachten?|klantenservice|retour(?:en)?|zorg|balie|itiraz|destek|iletisim|bilgi"
    r"|layanan|keberatan|bantuan|halo|podderzhka|otzyv)[\w.+-]{0,20}@",
    re.IGNORECASE,
)
"""A mailbox of ours by what stands before the @, never at a free provider."""
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}[.!?]\s")
_ORDER_CODE = re.compile(r"(?=[A-Za-z0-9-]*\d{4})[A-Za-z0-9][A-Za-z0-9-]{4,24}")
_AFTER_WORD = re.compile(r"[\s:#№()\"'“”«»-]{0,6}")
_HASH_NUMBER = re.compile(r"(?<![\w#])[#№]\s?[A-Z]{0,4}-?\d{6,14}(?!\w)")
_LONG_NUMBER = re.compile(r"(?<![\w.,/+-])\d(?:[ -]?\d){7,17}(?![\w/])")
_POSTCODE = re.compile(r"(?<!\w)(?:\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?!\w)")
_HOUSE = re.compile(r"\d{1,5}[A-Za-zА-Яа-я]?")
_NAME = re.compile(r"[^\W\d_][^\W\d_]+(?:['’-][^\W\d_]+)?")
_PATRONYMIC = re.compile(
    r"(?<!\w)[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:[ое]вич|[ое]вн|ичн)(?:а|у|ем|е|ы|ой)? [А-ЯЁ][а-яё]+(?!\w)"
    r"|(?<!\w)[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:[ое]вич|[ое]вн|ичн)(?:а|у|ем|е|ы|ой)?(?!\w)"
)
"""First name, patronymic and family name, in either order: a Russian's full name needs no title."""
BESIDE = 4
"""Words within which an order number follows its word, or a house number its street."""


def exposes_nobody(draft: Draft) -> Iterator[Remark]:
    """Q16: e-mail, phone, IBAN, national and order numbers, address, full name."""
    context = draft.context
    if context.has("public") and not context.public:
        return
    seen: list[tuple[int, int]] = []
    for remark in (*_data(draft), *_identities(draft), *_orders(draft), *_addresses(draft),
                   *_names(draft)):  # fmt: skip
        start, end = remark.start or 0, remark.end or 0
        if all(end <= first or start >= last for first, last in seen):
            seen.append((start, end))
            yield remark


def _data(draft: Draft) -> Iterator[Remark]:
    for datum in find_personal_data(draft.reply.text):
        written = draft.reply.text[datum.start : datum.end]
        if datum.kind == "address" and _SENTENCE_END.search(written):
            continue  # "by 11 December. Which street …" is two sentences
        if not _is_our_own(draft, datum):
            yield Remark("Q16", "block", datum.start, datum.end)


def _is_our_own(draft: Draft, datum: PersonalDatum) -> bool:
    """Return whether a sentence offers our own mailbox, hotline or place."""
    written = draft.reply.text[datum.start : datum.end]
    if draft.comment is not None and written.casefold() in draft.comment.text.casefold():
        return False
    if datum.kind == "email" and FREE_MAIL.search(written):
        return False
    if datum.kind == "email" and _ROLE_MAILBOX.match(written):
        return True
    if datum.kind not in ("email", "phone", "address"):
        return False
    number = _sentence_at(draft, datum.start)
    return bool(draft.reply.in_sentence(number, "own_contact"))


def _sentence_at(draft: Draft, at: int) -> int:
    for number, sentence in enumerate(draft.reply.sentences):
        if at < sentence.end:
            return number
    return len(draft.reply.sentences) - 1


def _identities(draft: Draft) -> Iterator[Remark]:
    """Yield numbers that are a person's by their own check digits, or by the word beside them."""
    for match in _LONG_NUMBER.finditer(draft.reply.text):
        digits = "".join(char for char in match[0] if char.isdigit())
        number = _sentence_at(draft, match.start())
        has_word = bool(draft.reply.in_sentence(number, "identity_word"))
        if has_word or _is_identity(digits, written=match[0]):
            yield Remark("Q16", "block", match.start(), match.end())


def _is_identity(digits: str, *, written: str) -> bool:
    if len(digits) == 9 and digits == written:
        return has_bsn_check(digits)
    if len(digits) == 11 and "-" in written:
        return has_snils_check(digits)
    return len(digits) == 16 and _is_nik(digits)


def _is_nik(digits: str) -> bool:
    """Return whether 16 digits may be an Indonesian NIK: region, date of birth (day + 40), serial."""
    day, month = int(digits[6:8]), int(digits[8:10])
    return "11" <= digits[:2] <= "96" and 1 <= day % 40 <= 31 and 1 <= month <= 12


def _orders(draft: Draft) -> Iterator[Remark]:
    text = draft.reply.text
    for hit in draft.reply.find("order_word"):
        words = draft.reply.words
        for at in range(hit.last + 1, min(hit.last + 1 + BESIDE, len(words.keys))):
            begin = words.spans[at][0]
            match = _ORDER_CODE.match(text, begin)
            if match and words.sentences[at] == words.sentences[hit.last]:
                yield Remark("Q16.order", "block", match.start(), match.end())
                break
    for match in _HASH_NUMBER.finditer(text):
        yield Remark("Q16.order", "block", match.start(), match.end())


def _addresses(draft: Draft) -> Iterator[Remark]:
    """Yield a street with its house number, or a post code, unless it is a place of ours."""
    words = draft.reply.words
    said = draft.comment.text.casefold() if draft.comment else ""
    for hit in draft.reply.find("street"):
        if draft.reply.in_sentence(draft.reply.sentence_of(hit), "own_contact"):
            continue
        start = words.spans[hit.first][0]
        if draft.reply.text[max(0, start - 1) : start].isdigit():
            continue  # "the 21st" is a date
        before, after = (2, 1) if draft.language.code == "en" else (0, BESIDE)  # "12 Baker Street"
        near = range(max(0, hit.first - before), min(hit.last + 1 + after, len(words.keys)))
        house = [at for at in near if _HOUSE.fullmatch(words.keys[at])
                 and words.sentences[at] == words.sentences[hit.first]]  # fmt: skip
        if not house:
            continue
        place = Hit(-1, min(hit.first, house[0]), max(hit.last, house[-1]))
        begin, end = draft.reply.span(place)
        if draft.reply.text[begin:end].casefold() not in said:  # what they wrote here themselves
            yield draft.at_hit("Q16", "block", place)
    for match in _POSTCODE.finditer(draft.reply.text):
        number = _sentence_at(draft, match.start())
        if draft.language.code in ("nl", "en") and not draft.reply.in_sentence(
            number, "own_contact"
        ):
            yield Remark("Q16", "block", match.start(), match.end())


def _names(draft: Draft) -> Iterator[Remark]:
    """Yield a title with first and family name, unless the customer signs so."""
    text = draft.reply.text
    said = draft.comment.text.casefold() if draft.comment else ""
    for full in _PATRONYMIC.finditer(text[:MAX_CHARS]):
        is_signature = not re.search(r"\w{4}", text[full.end() :])
        is_signature |= full[0] in draft.context.signatures
        if not is_signature and full[0].casefold() not in said:
            yield Remark("Q16.name", "block", full.start(), full.end())
    for hit in draft.reply.find("customer_title"):
        _, after = draft.reply.span(hit)
        names: list[re.Match[str]] = []
        while len(names) < 3:
            gap = re.compile(r"\.?[ ]{1,2}").match(text, after)
            match = _NAME.match(text, gap.end()) if gap else None
            if match is None or not match[0][0].isupper():
                break
            names.append(match)
            after = match.end()
        if len(names) >= 2 and names[-1][0].casefold() not in said:
            yield Remark("Q16.name", "block", names[0].start(), names[-1].end())
