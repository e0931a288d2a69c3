"""Contract checks that every classifier must pass; a new one is tested before its author begins.

`yield_checks` gives named functions that take a classifier and raise CheckFailed. They need no
test framework, so that a candidate model can be checked before it is promoted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence

from amends_engine.classifier import (
    FLAGS,
    LABELS,
    Assessment,
    Classifier,
    TextInput,
    UnreadableText,
)

Check = Callable[[Classifier], None]

LONG_TOKEN = 1_000_000
LONG_TOKEN_SECONDS = 5.0

SAMPLES = (
    "Kargom altı gündür yok, ARIYORUM açan yok!!",
    "Paketnya belum sampai juga, kecewaaaa 😡",
    "Третий день без интернета, верните деньги",
    "Mijn bestelling is kapot aangekomen en niemand reageert",
    "The kettle caught fire. My e-mail is a.b@example.com, call me",
    "Nasıl iade edebilirim?",
    "👍",
    "?",
    "a",
    "İIıi ŞŞŞŞ ẞ ﬁ e\u0301e\u0301 \u202eabc\u202c \u200d x",
    "𝗖𝗮𝘀𝗶𝗻𝗼 ｂｏｎｕｓ https://example.com/a?b=c",
    "lone surrogate \ud83d here",
    "nul \x00 tab \t line\nbreak\r\n\u2028 end",
    "हिन्दी العربية 中文 ไทย",
    "x" * 3000 + " " + "ş" * 3000,
    "e" + "\u0301" * 500,
)
"""Texts that have broken text software before, and ordinary ones."""

UNREADABLE = ("", " ", "\n\t", "\u200b\u200d", "\ufeff", "\x00")


class CheckFailed(AssertionError):
    """Raised by a check; says what the classifier did against the contract."""


def yield_checks() -> Iterator[tuple[str, Check]]:
    """Yield each check with a name that reads as a sentence."""
    yield "output is valid for any text", check_output_is_valid
    yield "order and ids are kept", check_order_is_kept
    yield "the same text gets the same answer", check_is_deterministic
    yield "a batch equals its texts one by one", check_batch_equals_single
    yield "spans are exact", check_spans_are_exact
    yield "an unreadable text raises", check_unreadable_raises
    yield "an empty batch gives nothing", check_empty_batch
    yield "a token of a megabyte takes bounded time", check_long_token
    yield "the answer becomes JSON and back", check_json_round_trip
    yield "an unknown language hint does no harm", check_hint_does_no_harm


def check_output_is_valid(classifier: Classifier) -> None:
    """Labels come from the vocabulary, scores lie in 0 to 1, all flags are there."""
    for answer in classifier.assess(make_inputs(SAMPLES)):
        require_valid(answer)


def require_valid(answer: Assessment) -> None:
    """Raise CheckFailed unless the assessment keeps to the vocabulary and ranges."""
    for field, labels in LABELS.items():
        guess = getattr(answer, field)
        _require(guess.label in labels, f"{answer.id}: {field} is {guess.label!r}")
        _require(type(guess.sure) is bool, f"{answer.id}: {field}.sure is no bool")
        _require_score(guess.score, where=f"{answer.id}: {field}")
    _require_score(answer.language.score, where=f"{answer.id}: language")
    _require(bool(answer.language.code), f"{answer.id}: no language code")
    _require(set(answer.flags) == set(FLAGS), f"{answer.id}: flags are {sorted(answer.flags)}")
    _require(set(answer.flag_scores) == set(FLAGS), f"{answer.id}: flag_scores are incomplete")
    for flag, score in answer.flag_scores.items():
        _require(type(answer.flags[flag]) is bool, f"{answer.id}: flag {flag} is no bool")
        _require_score(score, where=f"{answer.id}: {flag}")
    fields = {*LABELS, *FLAGS}
    for reason in answer.reasons:
        _require(reason.field in fields, f"{answer.id}: reason for unknown {reason.field!r}")
        _require(bool(reason.source), f"{answer.id}: reason without source")


def check_order_is_kept(classifier: Classifier) -> None:
    """Answers stand in the order of the texts, with their ids as given (text or number)."""
    texts = [TextInput(id=n if n % 2 else f"n{n}", text=SAMPLES[n % 5]) for n in range(40)]
    ids = [answer.id for answer in classifier.assess(texts)]
    _require(ids == [text.id for text in texts], f"ids came back as {ids}")


def check_is_deterministic(classifier: Classifier) -> None:
    """Two runs agree in everything."""
    texts = make_inputs(SAMPLES)
    _require(classifier.assess(texts) == classifier.assess(texts), "two runs differ")


def check_batch_equals_single(classifier: Classifier) -> None:
    """Neighbours in a batch have no influence."""
    texts = make_inputs(SAMPLES)
    for text, answer in zip(texts, classifier.assess(texts), strict=True):
        single = classifier.assess([text])[0]
        _require(single == answer, f"{text.id} differs alone and in a batch")


def check_spans_are_exact(classifier: Classifier) -> None:
    """Each reason quotes the text as given, in code points, and is not empty."""
    texts = make_inputs(SAMPLES)
    for text, answer in zip(texts, classifier.assess(texts), strict=True):
        require_exact_spans(answer, text=text.text)


def require_exact_spans(answer: Assessment, *, text: str) -> None:
    """Raise CheckFailed unless every reason quotes `text` at its span."""
    for reason in answer.reasons:
        is_inside = 0 <= reason.start < reason.end <= len(text)
        _require(is_inside, f"{answer.id}: span {reason.start}-{reason.end} is outside the text")
        quoted = text[reason.start : reason.end]
        _require(quoted == reason.text, f"{answer.id}: {reason.text!r} is not {quoted!r}")


def check_unreadable_raises(classifier: Classifier) -> None:
    """An empty or invisible text raises UnreadableText that names the id."""
    for text in UNREADABLE:
        try:
            classifier.assess([TextInput(id="the-bad-one", text=text)])
        except UnreadableText as error:
            _require("the-bad-one" in str(error), f"the message lacks the id: {error}")
        else:
            raise CheckFailed(f"{text!r} was assessed")


def check_empty_batch(classifier: Classifier) -> None:
    """No texts, no answers."""
    _require(classifier.assess([]) == [], "an empty batch gave answers")


def check_long_token(classifier: Classifier) -> None:
    """A megabyte without a blank does not take longer than a few seconds."""
    for char in ("a", "я", "!", "0", "@", "\u0301"):
        began = time.monotonic()
        classifier.assess([TextInput(id=1, text="b" + char * LONG_TOKEN)])
        spent = time.monotonic() - began
        _require(spent < LONG_TOKEN_SECONDS, f"{char!r} × {LONG_TOKEN} took {spent:.1f} s")


def check_json_round_trip(classifier: Classifier) -> None:
    """`to_json` is plain JSON with the keys of the contract, in their order."""
    keys = ["id", "language", *LABELS, "flags", "flag_scores", "reasons", "engine"]
    for answer in classifier.assess(make_inputs(SAMPLES)):
        value = answer.to_json()
        _require(list(value) == keys, f"keys are {list(value)}")
        _require(json.loads(json.dumps(value)) == value, f"{answer.id} changes on its way")


def check_hint_does_no_harm(classifier: Classifier) -> None:
    """Any string may stand as the language."""
    for hint in ("tr", "tr-TR", "TR_tr", "", "xx", "klingon", "\ud83d"):
        require_valid(classifier.assess([TextInput(id=1, text=SAMPLES[0], lang=hint)])[0])


def make_inputs(texts: Sequence[str]) -> list[TextInput]:
    """Number the texts."""
    return [TextInput(id=f"sample-{number}", text=text) for number, text in enumerate(texts)]


def _require_score(score: float, *, where: str) -> None:
    _require(isinstance(score, float) and 0.0 <= score <= 1.0, f"{where}: score is {score!r}")


def _require(is_kept: bool, message: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not is_kept:
        raise CheckFailed(message)
