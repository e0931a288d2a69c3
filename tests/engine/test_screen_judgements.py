"""What the screen says of hard examples in five languages, and what it must never say."""

from __future__ import annotations

import pytest

from amends_engine.classifier import Assessment, TextInput
from amends_engine.triage.cascade import load_screen_alone


def assess(text: str, *, lang: str | None = None) -> Assessment:
    [answer] = load_screen_alone().assess([TextInput(id=1, text=text, lang=lang)])
    return answer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kargom hâlâ gelmedi, kimse bakmıyor", "tr"),
        ("KARGOM HALA GELMEDI KIMSE BAKMIYOR", "tr"),
        ("Barangnya belum nyampe, adminnya slow respon", "id"),
        ("Заказ до сих пор не привезли", "ru"),
        ("Mijn bestelling is nog steeds niet aangekomen", "nl"),
        ("My order still has not arrived", "en"),
        ("Hvor bliver min pakke af, jeg har ventet i tre uger", "und"),
        ("Barang tak sampai lagi, bila korang nak hantar ni", "und"),
        ("12345 !!!", "und"),
        ("👍👍", "und"),
    ],
)
def test_language_is_known_or_left_open(text: str, code: str) -> None:
    assert assess(text).language.code == code


def test_hint_decides_a_text_too_short_to_tell() -> None:
    assert assess("ok", lang="nl-NL").language.code == "nl"


def test_hint_against_all_evidence_is_not_believed() -> None:
    assert assess("Заказ до сих пор не привезли, верните деньги", lang="nl").language.code == "ru"


@pytest.mark.parametrize(
    "text",
    [
        "Fırının kapağı ilk gün kırıldı, servis üç haftadır gelmiyor",
        "Laptop baru seminggu layarnya mati, klaim garansi ditolak",
        "Заказ отменили без объяснений, деньги не вернули",
        "Wasmachine na een maand kapot en de monteur komt niet opdagen",
        "My laptop screen died after a week and you refuse the warranty claim",
    ],
)
def test_complaint_about_a_failure_is_a_complaint(text: str) -> None:
    answer = assess(text)
    assert answer.complaint.label is True
    assert answer.category.label == "business_error"
    assert answer.sentiment.label == "negative"


@pytest.mark.parametrize(
    "text",
    [
        "Hepsi zamanında geldi, çok teşekkür ederim, harika",
        "Pelayanannya ramah dan cepat, puas banget, terima kasih",
        "Спасибо, всё отлично, очень доволен",
        "Heel blij mee, snelle levering, dank jullie wel",
        "Absolutely love it, thank you so much",
    ],
)
def test_praise_is_praise(text: str) -> None:
    answer = assess(text)
    assert answer.sentiment.label == "positive"
    assert answer.complaint.label is False
    assert answer.category.label == "praise"


@pytest.mark.parametrize(
    "text",
    [
        "Paramı vermezseniz tüketici hakem heyetine başvuracağım",
        "Kalau tidak diganti saya lapor ke YLKI",
        "Не вернёте деньги, подам в суд",
        "Volgende stap is de geschillencommissie",
        "I will see you in small claims court",
    ],
)
def test_own_legal_step_is_flagged_and_grave(text: str) -> None:
    answer = assess(text)
    assert answer.flags["legal_threat"]
    assert answer.severity.label in ("high", "critical")
    assert any(reason.field == "legal_threat" for reason in answer.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "Anayasa mahkemesi kararını açıkladı, haberlerde gördüm",
        "Sidang kasus itu ditunda lagi menurut berita",
        "Суд вынес приговор по громкому делу",
        "De rechter besliste gisteren in die zaak",
        "The food court was closed again",
    ],
)
def test_talk_of_courts_is_no_legal_step(text: str) -> None:
    assert not assess(text).flags["legal_threat"]


@pytest.mark.parametrize(
    "text",
    [
        "Çorbanın içinden cam parçası çıktı",
        "Chargernya meledak waktu dipakai",
        "Фен загорелся прямо в руках",
        "Na het eten lag ik met voedselvergiftiging in bed",
        "The toaster caught fire",
    ],
)
def test_danger_is_flagged_and_at_least_high(text: str) -> None:
    answer = assess(text)
    assert answer.flags["safety"]
    assert answer.severity.label in {"high", "critical"}


CRITICISM = (
    "Hepiniz hırsızsınız, fiyatı iki katına çıkarmışsınız",
    "Bu firma tam bir dolandırıcı, sakın almayın",
    "Dolandırıcılara reklam veriyorsunuz, deneme bonusu reklamı görmekten bıktım",
    "Perusahaan penipu, kerja di sini cuma modal janji",
    "Вы мошенники и воры, верните мои деньги",
    "Stelletje dieven, de prijs is verdubbeld",
    "You are liars and thieves, worst company ever",
    "I hate this company, it should go bankrupt",
    "Kapatın gidin bu şirketi, rezilsiniz",
    "Бойкот этой шарашке, всем советую обходить стороной",
    "Berhenti jualan aja kalau gak becus",
)


@pytest.mark.parametrize("text", CRITICISM)
def test_criticism_is_never_a_ground(text: str) -> None:
    assert assess(text).policy_ground.label == "none"


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("Deneme bonusu veren siteler burada https://example.com/x", "spam"),
        ("situs gacor maxwin hari ini https://example.com/x", "spam"),
        ("Кредит без проверок за час, пишите https://example.com/x", "scam"),
        ("Ik weet waar jullie kantoor zit, ik kom jullie in elkaar slaan", "threat"),
        ("I know where you live and I will kill you", "threat"),
        ("sen şerefsizin tekisin", "profanity_targeted"),
    ],
)
def test_conduct_is_suggested_with_the_span_that_shows_it(text: str, ground: str) -> None:
    answer = assess(text)
    assert answer.policy_ground.label == ground
    assert any(reason.field == "policy_ground" for reason in answer.reasons)


def test_personal_data_is_flagged_where_it_stands() -> None:
    answer = assess("Beni arayın 0555 111 22 33, kargom gelmedi")
    assert answer.flags["personal_data"]
    reasons = [reason for reason in answer.reasons if reason.field == "personal_data"]
    found = {reason.source: reason.text for reason in reasons}
    assert found["personal-data-phone"] == "0555 111 22 33"


def test_spans_survive_emoji_marks_and_elongation() -> None:
    text = "😡😡 e\u0301 ÇOOOOK kötü!!! 👨‍👩‍👧 sizi MAHKEMEYE vereceğim"
    answer = assess(text)
    [reason] = [
        reason
        for reason in answer.reasons
        if reason.field == "legal_threat" and reason.source != "screen"
    ]
    assert text[reason.start : reason.end] == "MAHKEMEYE vereceğim"


def test_other_languages_are_never_sure() -> None:
    answer = assess("Hvor bliver min pakke af, jeg er meget utilfreds med jeres service")
    assert not answer.sentiment.sure
    assert not answer.complaint.sure
