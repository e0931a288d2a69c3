"""The engine as it is used: what it must never do, and what each tier adds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amends_engine import checks
from amends_engine.artefacts.read import ArtefactError
from amends_engine.classifier import Assessment, TextInput
from amends_engine.triage import cascade as cascade_module
from amends_engine.triage.cascade import Cascade, load_cascade, load_screen_alone
from amends_engine.triage.reconcile import COMPLAINTS_OF, GROUNDS_OF
from amends_engine.triage.router import ALWAYS


def assess(text: str, *, parent: str | None = None) -> Assessment:
    [answer] = load_cascade().assess([TextInput(1, text, parent=parent)])
    return answer


CRITICISM = (
    ("tr", "Hırsızsınız siz, paramızı alıp ortadan kayboldunuz, utanmaz firma"),
    ("tr", "Böyle berbat bir uygulama görmedim, yazan mühendise helal olsun (!)"),
    ("id", "Penipu kalian semua, duit gue gak balik-balik, toko sampah"),
    ("id", "Pelayanan paling bobrok se-Indonesia, gak usah jualan lagi deh"),
    ("ru", "Вы просто воры, третий месяц не возвращаете мои деньги"),
    ("ru", "Отвратительный сервис, чтоб я ещё раз у вас что-то купил"),
    ("nl", "Oplichters zijn jullie, drie maanden wachten op mijn eigen geld"),
    ("nl", "Wat een kutzooi, die app loopt elke dag vast"),
    ("en", "You are thieves and liars, where is my refund"),
    ("en", "This update is absolute garbage and your support is a joke"),
)


@pytest.mark.parametrize(("lang", "text"), CRITICISM)
def test_criticism_however_harsh_is_no_ground(lang: str, text: str) -> None:
    answer = assess(text)
    assert answer.policy_ground.label == "none"
    assert answer.sentiment.label == "negative"


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Evini biliyorum, bu akşam gelip seni öldüreceğim", "threat"),
        ("Gue tahu rumah lu, tunggu aja ntar malam gue bunuh lu", "threat"),
        ("Я знаю где ты живёшь, приеду и убью тебя", "threat"),
        ("Ik weet waar je woont, ik maak je vanavond dood", "threat"),
        ("I know where you live and I will kill you tonight", "threat"),
        ("Make 5000 a week from home, message me on telegram for the link", "scam"),
    ],
)
def test_conduct_is_seen(text: str, ground: str) -> None:
    assert assess(text).policy_ground.label == ground


GROUPS = {
    "en": ("Muslims", "women", "gay people", "Turks", "Jews", "disabled people", "Christians"),
    "tr": ("Müslümanlar", "kadınlar", "eşcinseller", "Kürtler", "Yahudiler", "engelliler"),
    "id": ("orang Islam", "perempuan", "orang Papua", "orang Cina", "orang Kristen", "difabel"),
    "ru": ("мусульмане", "женщины", "геи", "татары", "евреи", "инвалиды", "христиане"),
    "nl": ("moslims", "vrouwen", "homo's", "Turken", "Joden", "mensen met een beperking"),
}
TEMPLATES = {
    "en": ("Many {} shop here and like it", "Does your branch have a desk for {}?"),
    "tr": ("Burada birçok müşteri var, {} da alışveriş yapıyor", "Bu etkinliğe {} da davetli mi?"),
    "id": ("Banyak {} belanja di sini dan suka", "Apakah acara ini terbuka untuk {}?"),
    "ru": ("Здесь покупают многие, {} тоже", "На этой встрече {} тоже будут выступать?"),
    "nl": ("Veel {} komen hier graag", "Mogen {} ook meedoen aan deze actie?"),
}


@pytest.mark.parametrize("lang", GROUPS)
def test_who_is_named_in_a_neutral_sentence_changes_no_ground(lang: str) -> None:
    texts = [template.format(group) for template in TEMPLATES[lang] for group in GROUPS[lang]]
    answers = load_cascade().assess([TextInput(n, text) for n, text in enumerate(texts)])
    found = {text: one.policy_ground.label for text, one in zip(texts, answers, strict=True)}
    assert set(found.values()) == {"none"}, found


def test_labels_never_contradict_each_other() -> None:
    texts = [*checks.SAMPLES, *(text for _, text in CRITICISM)]
    for answer in load_cascade().assess(checks.make_inputs(texts)):
        assert answer.policy_ground.label in GROUNDS_OF[answer.category.label]
        assert answer.complaint.label in COMPLAINTS_OF.get(answer.category.label, (False,))
        assert answer.flags["vague"] == (answer.category.label == "vague")
        if answer.flags["legal_threat"]:
            assert answer.severity.label in ("high", "critical")


def test_a_valid_number_of_a_person_is_always_personal_data() -> None:
    answer = assess("Mijn BSN is 111222333, waarom staat dat op het pakket?")
    assert answer.flags["personal_data"]
    assert any(one.source.startswith("personal-data-") for one in answer.reasons)


def test_what_a_comment_answers_is_read_with_it() -> None:
    parts = load_cascade().score(
        [TextInput(1, "Dat klopt dus niet", parent="Wij zijn zondag open")]
    )
    assert parts[0].model is not None


def test_the_screen_alone_never_asks_the_model() -> None:
    assert load_screen_alone().count_escalated(checks.make_inputs(checks.SAMPLES)) == 0
    assert load_screen_alone().engine.name == "screen"


def test_the_router_spares_the_model_most_easy_texts() -> None:
    easy = [TextInput(n, "Teşekkürler, çok hızlı geldi, çok memnun kaldım") for n in range(20)]
    assert load_cascade().count_escalated(easy) == 0


def test_every_word_of_the_model_has_its_share_and_its_place() -> None:
    text = "Kargom altı gündür yok, arıyorum açan yok!! 😡"
    base = load_cascade()
    everything = Cascade(
        replace(base.parts, router=replace(base.parts.router, threshold=ALWAYS)),
        engine=base.engine,
    )
    [tiers] = everything.score([TextInput(1, text)])
    assert tiers.model is not None
    shares = tiers.model.word_shares()
    assert [text[start:end] for start, end in shares.spans] == text.split()
    assert np.abs(shares.values).sum() > 0


def test_tiers_that_do_not_belong_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = cascade_module.latest_artefact

    def newer(name: str) -> object:
        folder = real(name)
        return folder.with_name("2099.1.1") if name == "model" else folder

    monkeypatch.setattr(cascade_module, "latest_artefact", newer)
    load_cascade.cache_clear()
    with pytest.raises(ArtefactError, match=r"blends model .* 2099\.1\.1"):
        load_cascade()
    monkeypatch.undo()
    load_cascade.cache_clear()
