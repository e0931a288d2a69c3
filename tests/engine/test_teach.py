"""Teaching a workspace's head: what it needs, what it may change, and when it is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from amends_engine import checks
from amends_engine.classifier import EngineName, TextInput
from amends_engine.triage.golden import Golden
from amends_engine.triage.head import HeadError, WorkspaceHead, read_head, write_head
from amends_engine.triage.layout import WIDTH, column_of
from amends_engine.triage.taught import TaughtClassifier, blend_tiers, vector_of
from amends_engine.triage.teach import Candidate, CorrectedText, NotTaught, teach
from tests.support.teachable import FakeCascade, make_golden

GOLDEN = make_golden([("Kutu ezik geldi", {"category": "business_error", "complaint": True})])
THINGS = [
    "kutu",
    "kablo",
    "fincan",
    "lamba",
    "saat",
    "ayakkabı",
    "gömlek",
    "masa",
    "tabak",
    "defter",
    "çanta",
    "bardak",
]
WHERE = ["izmir", "ankara", "bursa", "adana", "konya", "samsun"]


def corrected(text: str, number: int = 0, **said: str | bool) -> CorrectedText:
    return CorrectedText(TextInput(f"c-{number}", text), said)


def orders_and_staff(count: int = 30) -> list[CorrectedText]:
    """Half are business errors as the engine says, half are about employees, which it misses."""
    texts = []
    for number in range(count):
        thing, place = THINGS[number % len(THINGS)], WHERE[number % len(WHERE)]
        texts.append(
            corrected(f"{thing} {place} kırık geldi {number}", number, category="business_error")
        )
        texts.append(
            corrected(f"{thing} {place} kasiyer kaba {number}", 1000 + number, category="employee")
        )
    return texts


def teach_with(
    texts: Sequence[CorrectedText], *, golden: Golden = GOLDEN, engine: FakeCascade | None = None
) -> Candidate:
    return teach(engine or FakeCascade(), texts, head_id="1", golden=golden)


@pytest.fixture(scope="module")
def candidate() -> Candidate:
    return teach_with(orders_and_staff())


def test_what_people_correct_again_and_again_is_learned(candidate: Candidate) -> None:
    [category] = [one for one in candidate.figures if not one.language]
    assert (category.field, category.count, category.verdict) == ("category", 60, "better")
    assert category.after > category.before + 0.2
    taught = TaughtClassifier(FakeCascade(), candidate.head)
    [answer] = taught.assess([TextInput(1, "fincan bursa kasiyer kaba davrandı")])
    assert answer.category.label == "employee"
    [answer] = taught.assess([TextInput(1, "fincan bursa kırık geldi yine")])
    assert answer.category.label == "business_error"


def test_only_what_was_corrected_changes(candidate: Candidate) -> None:
    text = TextInput(1, "saat konya kasiyer kaba")
    [before] = FakeCascade().assess([text])
    [after] = TaughtClassifier(FakeCascade(), candidate.head).assess([text])
    assert candidate.head.fields == ("category",)
    assert (after.sentiment, after.arousal, after.flag_scores["safety"]) == (
        before.sentiment,
        before.arousal,
        before.flag_scores["safety"],
    )
    assert after.policy_ground == before.policy_ground


def test_a_label_that_the_head_brought_in_is_never_sure(candidate: Candidate) -> None:
    engine = FakeCascade(sure_from=0.3)
    [answer] = TaughtClassifier(engine, candidate.head).assess([TextInput(1, "masa kasiyer kaba")])
    assert answer.category.label == "employee"
    assert not answer.category.sure
    assert answer.sentiment.sure


def test_an_engine_with_a_head_says_so(candidate: Candidate) -> None:
    assert TaughtClassifier(FakeCascade(), candidate.head).engine == EngineName(
        "cascade", "2026.1.1+w1"
    )


@pytest.mark.parametrize(
    ("sentence", "check"), [pytest.param(*pair, id=pair[0]) for pair in checks.yield_checks()]
)
def test_a_taught_classifier_keeps_the_contract(
    sentence: str, check: checks.Check, candidate: Candidate
) -> None:
    check(TaughtClassifier(FakeCascade(), candidate.head))


def test_a_head_works_where_the_model_did_not_read_the_text(candidate: Candidate) -> None:
    taught = TaughtClassifier(FakeCascade(is_fast=True), candidate.head)
    [answer] = taught.assess([TextInput(1, "masa kasiyer kaba")])
    checks.require_valid(answer)


def test_too_few_texts_are_refused_with_the_number() -> None:
    with pytest.raises(NotTaught) as refused:
        teach_with(orders_and_staff(19))
    assert (refused.value.code, refused.value.facts) == ("too_few", {"have": 38, "need": 40})


def test_no_texts_at_all_are_refused() -> None:
    with pytest.raises(NotTaught, match="too_few"):
        teach_with([])


def test_people_who_agree_with_the_engine_teach_nothing() -> None:
    texts = [
        corrected(f"kutu kırık {number}", number, category="business_error") for number in range(60)
    ]
    with pytest.raises(NotTaught, match="all_alike"):
        teach_with(texts)


def test_corrections_without_a_pattern_are_refused_with_their_figures() -> None:
    rng = np.random.default_rng(7)
    labels = ["business_error"] * 48 + ["employee"] * 12
    texts = [
        corrected(" ".join(rng.choice(THINGS, 4)) + f" {number}", number, category=label)
        for number, label in enumerate(labels)
    ]
    with pytest.raises(NotTaught) as refused:
        teach_with(texts)
    assert refused.value.code == "no_gain"
    assert refused.value.figures[0].verdict != "better"


def test_labels_of_a_handful_of_texts_are_not_moved() -> None:
    texts = orders_and_staff()
    texts += [corrected(f"trol sözü {n}", 5000 + n, category="troll") for n in range(4)]
    head = teach_with(texts).head
    assert not head.weights["category"][:, column_of("category", "troll") - 4].any()


def test_a_head_that_falls_on_the_golden_set_is_refused() -> None:
    golden = make_golden(
        [(f"{thing} kasiyer kaba değil", {"category": "business_error"}) for thing in THINGS]
        + [("teşekkürler", {"category": "praise"})]
    )
    with pytest.raises(NotTaught) as refused:
        teach_with(orders_and_staff(), golden=golden)
    assert refused.value.code == "golden_fell"
    assert refused.value.facts["field"] == "category"
    assert refused.value.facts["before"] > refused.value.facts["after"]


def test_figures_name_each_language_with_its_count() -> None:
    texts = orders_and_staff(24)
    texts += [corrected(f"the clerk was rude {n}", 7000 + n, category="employee") for n in range(9)]
    found = {one.language: one.count for one in teach_with(texts).figures}
    assert found == {"": 57, "en": 9, "tr": 48}


def test_progress_is_told_and_whatever_it_raises_ends_the_work() -> None:
    told: list[int] = []
    teach(FakeCascade(), orders_and_staff(), head_id="1", golden=GOLDEN, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 100

    class Lost(Exception):
        pass

    def stop(percent: int) -> None:
        raise Lost

    with pytest.raises(Lost):
        teach(FakeCascade(), orders_and_staff(), head_id="1", golden=GOLDEN, tell=stop)


def test_teaching_twice_gives_the_same_head(candidate: Candidate) -> None:
    again = teach_with(orders_and_staff())
    assert np.array_equal(again.head.weights["category"], candidate.head.weights["category"])


def grounds_of(scores: np.ndarray) -> np.ndarray:
    first = column_of("policy_ground", "hate")
    return scores[first : first + 9]


def wild_head(*fields: str, seed: int = 3) -> WorkspaceHead:
    from amends_engine.triage.head import columns_of

    rng = np.random.default_rng(seed)
    weights = {}
    for field in fields:
        columns = columns_of(field)
        shape = (1 + WIDTH, columns.stop - columns.start)
        weights[field] = rng.normal(0, 9, shape).astype(np.float32)
    return WorkspaceHead("9", EngineName("cascade", "2026.1.1"), weights, np.zeros(0, np.float32))


@pytest.mark.parametrize("seed", range(12))
def test_no_head_makes_a_ground_more_likely(seed: int) -> None:
    engine = FakeCascade()
    head = wild_head("policy_ground", "category", seed=seed)
    for text in ("kargo rezalet, bir daha asla", "i will kill you", "pahalı ve kötü"):
        [tiers] = engine.score([TextInput(1, text)])
        said = blend_tiers(tiers, blend=engine.blend_of(tiers))
        corrected_scores = head.correct(said, vector_of(tiers))
        assert (grounds_of(corrected_scores) <= grounds_of(said) + 1e-6).all()
        chances = np.exp(corrected_scores[column_of("policy_ground", "none") :][:10])
        assert chances.sum() == pytest.approx(1, abs=1e-5)


def test_people_who_call_criticism_spam_do_not_teach_that_it_may_be_removed() -> None:
    texts = []
    for one in orders_and_staff():
        is_staff = one.said["category"] == "employee"
        texts.append(
            CorrectedText(
                one.text,
                {
                    "category": "spam" if is_staff else "business_error",
                    "policy_ground": "spam" if is_staff else "none",
                },
            )
        )
    head = teach_with(texts).head
    assert "policy_ground" not in head.fields  # nothing was gained: it could not be raised
    [answer] = TaughtClassifier(FakeCascade(), head).assess([TextInput(1, "masa kasiyer kaba")])
    assert answer.policy_ground.label == "none"
    assert answer.category.label != "spam"


@pytest.mark.parametrize("seed", range(6))
def test_no_head_silences_a_flag_that_protects_somebody(seed: int) -> None:
    head = wild_head("safety", "self_harm", "minor", "offensive", seed=seed)
    said = np.zeros(WIDTH, dtype=np.float32)
    corrected_scores = head.correct(said)
    for flag in ("safety", "self_harm", "minor"):
        assert corrected_scores[column_of(flag)] >= 0
    assert abs(corrected_scores[column_of("offensive")]) <= 4.0


def test_a_head_is_stored_and_read_without_pickle(candidate: Candidate) -> None:
    manifest, stored = write_head(candidate.head, facts=candidate.facts)
    head = read_head(manifest, stored, base=candidate.head.base)
    said = np.linspace(-3, 0, WIDTH).astype(np.float32)
    vector = np.arange(24, dtype=np.float32)
    assert np.array_equal(head.correct(said, vector), candidate.head.correct(said, vector))
    assert manifest["golden"]["version"] == "test"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"arrays_sha256": "0" * 64}, "altered or damaged"),
        ({"format": 2}, "no workspace head"),
        ({"kind": "screen"}, "no workspace head"),
        ({"base": {"name": "cascade", "version": "2025.1.1"}}, "taught on top of cascade 2025.1.1"),
        ({"layout": {}}, "another layout"),
        ({"fields": ["sentiment"]}, "cannot be read"),
        ({"scale": None}, "cannot be read"),
    ],
)
def test_a_head_that_does_not_fit_is_refused_in_words(
    change: dict[str, object], said: str, candidate: Candidate
) -> None:
    manifest, stored = write_head(candidate.head, facts={})
    with pytest.raises(HeadError, match=said):
        read_head(manifest | change, stored, base=candidate.head.base)


def test_a_head_of_wrong_shape_or_without_numbers_is_refused() -> None:
    base = EngineName("cascade", "2026.1.1")
    for weights, said in (
        (np.zeros((3, 11), np.float32), "another shape"),
        (np.full((1 + WIDTH, 11), np.nan, np.float32), "no numbers"),
    ):
        head = WorkspaceHead("1", base, {"category": weights}, np.zeros(0, np.float32))
        manifest, stored = write_head(head, facts={})
        with pytest.raises(HeadError, match=said):
            read_head(manifest, stored, base=base)


def test_a_head_for_another_engine_is_not_put_on_top() -> None:
    head = wild_head("category")
    with pytest.raises(HeadError, match=r"the engine is cascade 2027\.1\.1"):
        TaughtClassifier(FakeCascade(engine=EngineName("cascade", "2027.1.1")), head)
