"""Every classifier passes every check of the contract; so do texts that nobody thought of."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.core import vocabulary
from amends_engine import checks, classifier
from amends_engine.classifier import Classifier, TextInput, UnreadableText, require_readable
from amends_engine.triage.cascade import load_cascade, load_screen_alone

CLASSIFIERS: dict[str, Callable[[], Classifier]] = {
    "cascade": load_cascade,
    "cascade without the model": load_screen_alone,
}

PAIRS = [
    pytest.param(load, check, id=f"{name}: {sentence}")
    for name, load in CLASSIFIERS.items()
    for sentence, check in checks.yield_checks()
]


@pytest.mark.parametrize(("load", "check"), PAIRS)
def test_classifier_keeps_the_contract(load: Callable[[], Classifier], check: checks.Check) -> None:
    check(load())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=300))
def test_any_unicode_gives_a_valid_answer_or_a_clear_refusal(text: str) -> None:
    engine = load_cascade()
    try:
        require_readable(text)
    except UnreadableText:
        with pytest.raises(UnreadableText, match="id x"):
            engine.assess([TextInput("x", text)])
        return
    [answer] = engine.assess([TextInput("x", text)])
    checks.require_valid(answer)
    checks.require_exact_spans(answer, text=text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80).map(lambda text: f"a{text}"), max_size=12))
def test_neighbours_in_a_batch_have_no_influence(texts: list[str]) -> None:
    engine = load_cascade()
    inputs = checks.make_inputs(texts)
    assert engine.assess(inputs) == [engine.assess([text])[0] for text in inputs]


def test_vocabulary_of_the_engine_is_that_of_the_desk() -> None:
    assert set(classifier.SENTIMENTS) == {str(code) for code in vocabulary.Sentiment}
    assert set(classifier.CATEGORIES) == {str(code) for code in vocabulary.Category}
    assert set(classifier.SEVERITIES) == {str(code) for code in vocabulary.Severity}
    assert set(classifier.AROUSALS) == {str(code) for code in vocabulary.Arousal}
    assert set(classifier.POLICY_GROUNDS) == {str(code) for code in vocabulary.PolicyGround}
    assert set(classifier.FLAGS) == {str(code) for code in vocabulary.Flag}
    assert vocabulary.UNDETERMINED == classifier.UNDETERMINED


def test_checks_catch_a_classifier_that_breaks_the_contract() -> None:
    class Forgetful:
        engine = classifier.EngineName("forgetful", "0")

        def assess(self, texts: list[TextInput]) -> list[classifier.Assessment]:
            return load_screen_alone().assess(texts[::-1])

    with pytest.raises(checks.CheckFailed, match="ids came back"):
        checks.check_order_is_kept(Forgetful())


def test_json_has_the_keys_of_the_command_line_contract() -> None:
    [answer] = load_screen_alone().assess([TextInput(7, "Siparişim gelmedi, paramı iade edin")])
    value = answer.to_json()
    assert value["id"] == 7
    assert list(value["language"]) == ["code", "score"]
    assert list(value["complaint"]) == ["label", "score", "sure"]
    assert value["complaint"]["label"] is True
    assert set(value["flags"]) == set(value["flag_scores"]) == set(classifier.FLAGS)
    assert value["engine"]["name"] == "screen"
    assert json.loads(json.dumps(value, ensure_ascii=False)) == value
