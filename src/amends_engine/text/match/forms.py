"""Every way in which a term may stand in a text, worked out before any text is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from amends_engine.text.match.fold import fold_word
from amends_engine.text.match.grammar import EndingClass, Grammar, load_grammars
from amends_engine.text.match.ordinary import is_ordinary
from amends_engine.text.match.spell import respell_marks, spell_in_other_script
from amends_engine.text.match.terms import Term, words_of

MIN_JOINED = 4  # letters of several words that may also be written as one
MIN_PARTED = 7  # letters of a word that may also be written as two
MIN_STEM = 3
"""Letters that must be left of a word whose ending fell away."""


@dataclass(frozen=True, slots=True)
class Stem:
    """What stands of a word before its ending; `needs_ending` where the bare stem is not the word."""

    text: str
    classes: tuple[EndingClass, ...]
    needs_ending: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a term: the stem to look for, and the words that must follow, if any.

    `whole` is the spelling in folded letters, words with blanks between; `spelling` as it was given.
    """

    term: Term
    whole: str
    spelling: str
    stem: Stem
    more: tuple[tuple[Stem, ...], ...] = ()
    grammars: tuple[Grammar, ...] = ()
    is_transliterated: bool = False
    distance: int = 0


def forms_of(term: Term) -> tuple[Form, ...]:
    """All forms of a term, each once; its own spellings before those in the other script."""
    grammars = load_grammars(term.languages)
    forms: dict[tuple[str, str, bool], Form] = {}
    for form in (*_own(term, grammars), *_in_other_script(term, grammars)):
        forms.setdefault((form.stem.text, form.whole, form.stem.needs_ending), form)
    return tuple(forms.values())


def stems_of(word: str, grammars: tuple[Grammar, ...]) -> tuple[Stem, ...]:
    """The word itself, and what is left of it where an ending changes its last letters."""
    whole = [one for grammar in grammars for one in grammar.classes_for(word) if not one.drop]
    stems = [Stem(word, tuple(whole))]
    for grammar in grammars:
        stems += [
            Stem(word[: -one.drop], (one,), needs_ending=True)
            for one in grammar.classes_for(word)
            if one.drop and len(word) - one.drop >= MIN_STEM
        ]
        for hard, soft in grammar.softening:
            if word.endswith(hard) and len(word) > MIN_STEM:
                soft_classes = tuple(replace(one, needs_vowel=True) for one in grammar.classes)
                stems.append(Stem(word[:-1] + soft, soft_classes, needs_ending=True))
    return tuple(stems)


def _own(term: Term, grammars: tuple[Grammar, ...]) -> Iterator[Form]:
    for spelling in term.spellings:
        words = words_of(spelling)
        joined = "".join(words)
        if len(words) > 1:
            yield from _forms(term, words, spelling=spelling, grammars=grammars)
        if len(words) == 1 or len(joined) >= MIN_JOINED:
            yield from _forms(term, (joined,), spelling=spelling, grammars=grammars)
        if len(words) == 1:
            for form in _forms(term, words, spelling=spelling, grammars=grammars):
                yield from _parted(form)


def _parted(form: Form) -> Iterator[Form]:
    """A long word written in two (Lum bara), unless both parts may be words by themselves."""
    word = form.stem.text
    if len(word) < MIN_PARTED or form.stem.needs_ending:
        return
    for at in range(MIN_STEM, len(word) - MIN_STEM + 1):
        parts = word[:at], word[at:]
        if all(is_ordinary(part) for part in parts):
            continue  # said of something else more often: kargo mat, hızlı gel
        for between in (" ", "-"):
            stem = replace(form.stem, text=between.join(parts))
            yield replace(form, stem=stem, distance=1)


def _in_other_script(term: Term, grammars: tuple[Grammar, ...]) -> Iterator[Form]:
    if not any(grammar.language == "ru" for grammar in grammars):
        return
    for spelling in term.spellings:
        # As it sounds first (Şok: шок), then as it looks (сок).
        for sounded in dict.fromkeys((fold_word(respell_marks(spelling)), fold_word(spelling))):
            for words in _respell(words_of(sounded)):
                for form in _forms(term, words, spelling=spelling, grammars=grammars):
                    yield replace(form, is_transliterated=True)


def _respell(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words in the other script: one word in several ways, several words in the likeliest."""
    spelled = [spell_in_other_script(word) for word in words]
    if not spelled or not all(spelled):
        return
    if len(spelled) == 1:
        yield from ((choice,) for choice in spelled[0])
    else:
        likeliest = tuple(choices[0] for choices in spelled)
        yield likeliest
        yield ("".join(likeliest),)


def _forms(
    term: Term, words: tuple[str, ...], *, spelling: str, grammars: tuple[Grammar, ...]
) -> Iterator[Form]:
    more = tuple(stems_of(word, grammars) for word in words[1:])
    for stem in stems_of(words[0], grammars):
        yield Form(
            term=term,
            whole=" ".join(words),
            spelling=spelling,
            stem=stem,
            more=more,
            grammars=grammars,
        )
