"""The screen: fast linear heads for the language and for every field, with the rules.

It reads the text alone (not the parent) and knows no sarcasm. What it says is numbers
(`Screen.score`); together with other tiers they become labels in `amends_engine.triage.compose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from amends_engine.artefacts.read import Artefact, ArtefactError, latest_artefact, read_artefact
from amends_engine.classifier import EngineName, LanguageGuess, TextInput
from amends_engine.text.normalise import MAX_CHARS, Normalised, normalise_text
from amends_engine.triage.features import WORD, FeatureShape, Integers, hash_pairs
from amends_engine.triage.find import find_in_text
from amends_engine.triage.findings import Findings
from amends_engine.triage.heads import PAIR_WEIGHT, Floats, Heads, read_table
from amends_engine.triage.language import LANGUAGES, LanguageHead
from amends_engine.triage.layout import WIDTH
from amends_engine.triage.memory import NO_WORD, WordMemory
from amends_engine.triage.scores import WordShares
from amends_engine.triage.signals import read_signals

BATCH = 250
BATCH_CHARACTERS = 50_000
"""Characters after which a batch is closed, so that its words fit into the memory for words."""

POOLED = "xx"
"""The group of heads for texts in any other language."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """The words of some texts: their numbers in the memory, text by text, one "no word" first."""

    ids: Integers
    starts: Integers
    rows: Integers


class Scored:
    """What the screen says of one text; satisfies `amends_engine.triage.scores.ScreenScores`.

    Rules and shares of words are looked for when they are asked for.
    """

    __slots__ = (
        *("_findings", "_normalised", "_screen", "_signals", "_text"),
        *("group", "language", "logits"),
    )

    def __init__(
        self, screen: Screen, *, text: str, normalised: Normalised, language: LanguageGuess,
        group: str, logits: Floats,
    ) -> None:  # fmt: skip
        self.language = language
        self.group = group
        self.logits = logits
        self._screen = screen
        self._text = text
        self._normalised = normalised
        self._findings: Findings | None = None
        self._signals: Floats | None = None

    @property
    def findings(self) -> Findings:
        """What the rules of the language and plain signs found."""
        if self._findings is None:
            self._findings = find_in_text(
                self._text, normalised=self._normalised, language=self.language.code
            )
        return self._findings

    @property
    def signals(self) -> Floats:
        """The findings as numbers, read once: router, blend and labels all weigh them."""
        if self._signals is None:
            self._signals = read_signals(self.findings)
        return self._signals

    def word_shares(self) -> WordShares:
        """Return what each word added to each column."""
        return self._screen.share_words(self._normalised, group=self.group)


class Screen:
    """Numbers for many texts at once; safe to be used by several threads."""

    def __init__(self, artefact: Artefact, *, languages: Sequence[str] = LANGUAGES) -> None:
        """Take the weights; `languages` are those that may be answered.

        Raises ArtefactError if the artefact is no screen or does not know a language.
        """
        manifest, arrays = artefact.manifest, artefact.arrays
        try:
            self.engine = EngineName(name="screen", version=str(manifest["version"]))
            self.groups: tuple[str, ...] = tuple(manifest["groups"])
            known = tuple(manifest["languages"])
            shape = FeatureShape(
                word_bits=manifest["input"]["word_bits"], pair_bits=manifest["input"]["pair_bits"]
            )
            self._heads = [_read_heads(arrays, group) for group in self.groups]
            language = LanguageHead(
                codes=known,
                allowed=tuple(languages),
                words=read_table(arrays, "language"),
                biases=arrays["language_biases"],
            )
        except KeyError as error:
            raise ArtefactError(
                f"{artefact.folder} is no screen: {error} is missing. Install amends again."
            ) from error
        unknown = [code for code in languages if code not in known]
        if unknown or not languages:
            raise ArtefactError(
                f"{artefact.folder} does not know the language {unknown or 'of no text'}; "
                f"it knows {', '.join(known)}."
            )
        self._shape = shape
        self._language = language
        self._memory = WordMemory(shape=shape, language=language.words, heads=self._heads)
        self._lock = Lock()

    def score(self, texts: Sequence[TextInput]) -> list[Scored]:
        """Return language, group and logits of each text, in order."""
        return [one for batch in _split(texts) for one in self._score_batch(batch)]

    def _score_batch(self, texts: Sequence[TextInput]) -> list[Scored]:
        normalised = [normalise_text(text.text) for text in texts]
        words = [WORD.findall(one.text) for one in normalised]
        with self._lock:
            self._memory.make_room()
            batch = self._number(words)
            sizes = np.add.reduceat(self._memory.sizes[batch.ids], batch.starts)
            norms: Floats = np.sqrt(np.maximum(sizes, 1)).astype(np.float32)[:, None]
            said = np.add.reduceat(self._memory.languages[batch.ids], batch.starts, axis=0)
            guesses = self._language.choose(
                self._language.probabilities(np.divide(said, norms, dtype=np.float32)),
                texts=[one.text for one in normalised],
                hints=[text.lang for text in texts],
            )
            groups = np.array([self._group_of(guess) for guess in guesses], dtype=np.int64)
            logits = self._score_fields(batch, groups, norms)
        return [
            Scored(
                self,
                text=text.text,
                normalised=normalised[at],
                language=guesses[at],
                group=self.groups[groups[at]],
                logits=logits[at],
            )
            for at, text in enumerate(texts)
        ]

    def _number(self, words: Sequence[Sequence[str]]) -> _Batch:
        counts = np.fromiter(map(len, words), dtype=np.int64, count=len(words)) + 1
        flat = list(chain.from_iterable(chain((NO_WORD,), some) for some in words))
        return _Batch(
            ids=self._memory.number_words(flat),
            starts=np.cumsum(counts) - counts,
            rows=np.repeat(np.arange(len(words)), counts),
        )

    def _group_of(self, guess: LanguageGuess) -> int:
        return self.groups.index(guess.code if guess.code in self.groups else POOLED)

    def _score_fields(self, batch: _Batch, groups: Integers, norms: Floats) -> Floats:
        places = self._memory.place_fields(batch.ids, groups[batch.rows])
        said = np.add.reduceat(self._memory.fields[places], batch.starts, axis=0)
        sums: Floats = np.divide(said, norms, dtype=np.float32)
        pairs, first = self._pair_words(batch)
        lengths = np.diff(np.append(batch.starts, len(batch.ids))) - 2
        scales = PAIR_WEIGHT / np.sqrt(np.maximum(lengths, 1)).astype(np.float32)
        logits = np.empty_like(sums)
        for group in np.unique(groups).tolist():
            heads, rows = self._heads[group], np.flatnonzero(groups == group)
            if heads.pairs is not None:
                places = heads.pairs.places[pairs]
                at = np.flatnonzero((places > 0) & (groups[batch.rows[first]] == group))
                if len(at):
                    owners, begins = np.unique(batch.rows[first[at]], return_index=True)
                    added = heads.pairs.sum_buckets(pairs[at], begins)
                    sums[owners] += added * scales[owners, None]
            logits[rows] = heads.finish(sums[rows])
        return logits

    def _pair_words(self, batch: _Batch) -> tuple[Integers, Integers]:
        """Return the bucket of each pair of words of one text, and where its first word stands."""
        pairs = hash_pairs(self._memory.hashes[batch.ids], shape=self._shape)
        first = np.flatnonzero((batch.ids[:-1] != 0) & (batch.ids[1:] != 0))
        return pairs[first], first

    def share_words(self, normalised: Normalised, *, group: str) -> WordShares:
        """Return what each word of a text added in the language of `group`; of a pair, half each."""
        matches = list(WORD.finditer(normalised.text))
        spans = [normalised.span(*match.span()) for match in matches]
        if not matches:
            return WordShares([], np.zeros((0, WIDTH), dtype=np.float32))
        number = self.groups.index(group)
        heads = self._heads[number]
        with self._lock:
            self._memory.make_room()
            batch = self._number([[match[0] for match in matches]])
            places = self._memory.place_fields(batch.ids, np.full(len(batch.ids), number))
            norm = np.sqrt(max(float(self._memory.sizes[batch.ids].sum()), 1))
            values = self._memory.fields[places[1:]] / np.float32(norm)
            pairs, _ = self._pair_words(batch)
        if heads.pairs is not None and len(pairs):
            half = heads.pairs.rows[heads.pairs.places[pairs]] * heads.pairs.scales
            half *= np.float32(PAIR_WEIGHT / 2 / np.sqrt(len(pairs)))
            values[:-1] += half
            values[1:] += half
        return WordShares(spans, heads.spread(values))


def _split(texts: Sequence[TextInput]) -> Iterator[Sequence[TextInput]]:
    batch: list[TextInput] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) >= BATCH or characters >= BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += min(len(text.text), MAX_CHARS)
    if batch:
        yield batch


def _read_heads(arrays: Mapping[str, npt.NDArray[Any]], group: str) -> Heads:
    return Heads(
        words=read_table(arrays, f"{group}_words"),
        pairs=read_table(arrays, f"{group}_pairs") if f"{group}_pairs_used" in arrays else None,
        sources=arrays[f"{group}_sources"],
        mix=arrays[f"{group}_mix"],
        biases=arrays[f"{group}_biases"],
    )


@cache
def load_screen(folder: Path | None = None, *, allowed: tuple[str, ...] = LANGUAGES) -> Screen:
    """Return the shipped screen (or the one in `folder`), loaded once for each process.

    `allowed` are the languages that it may answer. Raises ArtefactError if it is missing, altered,
    or made for another version.
    """
    return Screen(read_artefact(folder or latest_artefact("screen")), languages=allowed)
