"""Q04 a concrete resolution with its time, Q05 every promise stands in the register."""

from __future__ import annotations

from collections.abc import Iterator

from amends_engine.lint.context import PromiseRow
from amends_engine.lint.draft import Draft, content_of
from amends_engine.lint.finding import Level, Remark
from amends_engine.lint.guess import guess_language
from amends_engine.lint.reading import read_text


def says_what_and_when(draft: Draft) -> Iterator[Remark]:
    """Q04: where the decision asks for FIX, TIME or HOLD, an act and a time that can be kept."""
    context, reply = draft.context, draft.reply
    if not context.has("required"):
        return
    is_asked = context.requires("FIX", "TIME", "HOLD")
    level: Level = "block" if is_asked else "warn"
    vague = list(draft.at_hits("Q04.soon", level, "soon"))
    if draft.promised_times and not (vague and not _promises_a_time(draft)):
        return
    if vague:
        yield vague[0]
        return
    if not is_asked:
        return
    is_done = reply.has("done") and not context.requires("TIME")
    if is_done:
        return
    hits = reply.find_any("commit", "repair", "fix", "handled")
    yield draft.at_hit("Q04", "block", hits[0]) if hits else Remark("Q04", "block")


def _promises_a_time(draft: Draft) -> bool:
    """Return whether a time stands where something is promised, or is a deadline of its own."""
    doing = draft.reply.sentences_with("commit", "repair", "fix", "handled", "deadline")
    return any(draft.reply.sentence_of(hit) in doing for hit in draft.promised_times)


def keeps_a_register(draft: Draft) -> Iterator[Remark]:
    """Q05: every promise has a row with owner and due time; "it was passed on" has no owner."""
    context, reply = draft.context, draft.reply
    if not context.has("promises") or draft.is_statement_of_reasons or context.category == "praise":
        return
    rows = [row for row in context.promises if row.is_kept_by_somebody]
    passive: Level = "warn" if rows else "block"
    told = [hit for hit in reply.find_any("handled") if not reply.is_asked(hit)]
    yield from draft.at_joined("Q05.passive", passive, told)
    handled = reply.sentences_with("handled")
    promising = reply.sentences_with("commit")
    conditional = reply.sentences_with("condition")
    if not rows and not _is_timetable(draft):  # in whatever words: a day and an hour are a promise
        promising |= reply.sentences_with("deadline") - reply.sentences_with("their_time")
    for number in sorted(promising):
        hit = reply.in_sentence(number, "commit", "deadline")[0]
        if number in handled or reply.sentences[number].is_question:
            continue
        if number in conditional:
            continue  # what happens only in a case that nobody hopes for is no promise yet
        if number in reply.sentences_with("outcome_here") and not draft.has_time_in(number):
            continue
        if not any(_matches(row, draft, number) for row in rows):
            yield draft.at_hit("Q05", "block", hit)


def _is_timetable(draft: Draft) -> bool:
    """Return whether hours are facts to help with: nothing is ours to mend, and no time was asked for."""
    context = draft.context
    is_help = context.has("required") and not context.requires("FIX", "TIME", "HOLD")
    return is_help and context.fault_share == 0


def _matches(row: PromiseRow, draft: Draft, number: int) -> bool:
    """Return whether a row may be the one behind a sentence: by its time, its words, or loosely."""
    reply = draft.reply
    if row.due is not None and row.due.strftime("%H:%M") in draft.clocks_in(number):
        return True
    if row.due is not None and str(row.due.day) in _days_named(draft, number):
        return True
    code = guess_language(row.text)
    if code and code != draft.language.code:
        return True  # a register kept in another language cannot be compared by words
    reading = read_text(row.text, language=draft.language)
    sentence = reply.sentences[number]
    said = content_of(reply, reply.words.keys[sentence.first : sentence.last])
    noted = content_of(reading, reading.all_keys)
    if said & noted or {key[:4] for key in said if len(key) > 3} & {
        key[:4] for key in noted if len(key) > 3
    }:
        return True
    topics = {name for name in draft.language.lexicons if name.startswith("topic.")}
    if any(reading.has(name) and reply.in_sentence(number, name) for name in topics):
        return True
    # "You will hear from me" belongs to any row; an act of repair needs its own.
    return not reply.in_sentence(number, "repair") and not (
        draft.clocks_in(number) and row.due is not None
    )


def _days_named(draft: Draft, number: int) -> set[str]:
    """Return the numbers in the times of a sentence: "no later than 11 December" names day 11."""
    keys = draft.reply.words.keys
    return {
        key
        for hit in draft.reply.in_sentence(number, "time")
        for key in keys[hit.first : hit.last + 1]
        if key.isdigit() and hit.last > hit.first
    }
