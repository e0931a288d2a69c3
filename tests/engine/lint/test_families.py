"""Faults in words that stand in no list, found by the family they belong to; and what only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.lint.desk import checks, lint

FAULTS: list[tuple[str, str, str]] = [
    # sorry for what was felt, hoped for or may have been
    ("Q03", "en", "We are sorry the parcel fell short of what you had pictured."),
    ("Q03", "nl", "We betreuren het dat je pakket niet is geworden wat je had gehoopt."),
    ("Q03", "ru", "Извините, если посылка вас как-то задела."),
    ("Q03", "tr", "Kargonun beklediğiniz gibi olmamasına üzüldük."),
    ("Q03", "id", "Kami ikut sedih paketnya tidak seperti yang Kakak bayangkan."),
    # own popularity, contented others, prizes
    ("Q07", "en", "In eleven years nobody has ever complained about a parcel."),
    ("Q07", "nl", "Honderden vaste klanten zijn dolblij met onze pakketten."),
    ("Q07", "ru", "Нас пятый год признают лучшей доставкой района."),
    ("Q07", "tr", "Beş yıldır ilçenin en iyi kargosu seçiliyoruz."),
    ("Q07", "id", "Lima tahun berturut-turut kami terpilih ekspedisi terbaik."),
    # people who, if only you had, next time
    ("Q08", "en", "A customer who reads the label knows where the parcel goes."),
    ("Q08", "nl", "Mensen die even op de kaart kijken vinden hun pakket gewoon."),
    ("Q08", "ru", "Если бы у вас был верный адрес, мы бы доставили посылку."),
    ("Q08", "tr", "Adresiniz güncel olsaydı kargoyu teslim edebilirdik."),
    ("Q08", "id", "Seandainya alamat Kakak benar, pasti paketnya sampai."),
    # pity with a wink
    ("Q09", "en", "Poor parcel must be traumatised for life."),
    ("Q09", "nl", "Ach gossie, dat arme pakket."),
    ("Q09", "ru", "Ой, бедная посылка, теперь к психологу запишется."),
    ("Q09", "tr", "Ay kıyamam, kargo psikoloğa gitmesin sakın."),
    ("Q09", "id", "Aduh kasihan, paketnya perlu ke psikolog tuh."),
    # fed up
    ("Q10", "nl", "Ik word er doodmoe van dat iedereen over ons pakket klaagt."),
    ("Q10", "ru", "Сколько уже можно поливать нас грязью из-за посылки."),
    ("Q10", "tr", "Kargomuza çamur atılmasından bıktık usandık."),
    ("Q10", "id", "Kami sudah muak paket kami dijelek-jelekkan terus."),
    # no admission
    ("Q11", "en", "Nothing about this parcel constitutes acceptance of responsibility."),
    ("Q11", "nl", "Met dit bericht over het pakket erkennen wij geen enkele verplichting."),
    ("Q11", "ru", "Ответ о посылке не является признанием каких-либо обязательств."),
    ("Q11", "tr", "Kargoyla ilgili bu yanıt yükümlülük kabulü anlamına gelmez."),
    ("Q11", "id", "Jawaban soal paket ini bukan bukti atas kewajiban apa pun."),
    # it would not surprise us
    ("Q20", "en", "It would not surprise me if the neighbour took the parcel."),
    ("Q20", "nl", "Het zou me niks verbazen als de buren het pakket hebben."),
    ("Q20", "ru", "Не удивлюсь, если посылку взяли соседи."),
    ("Q20", "tr", "Bana kalırsa kargoyu komşunuz almış."),
    ("Q20", "id", "Saya sih tidak heran kalau paketnya diambil tetangga."),
    # stars that go up
    ("Q23", "nl", "Zodra die ene ster er vier zijn geworden, komt je pakket."),
    ("Q23", "ru", "Как только звёзд станет пять, мы сразу отправим посылку."),
    ("Q23", "tr", "Puanınızı bir daha düşünürseniz kargonuzu gönderirim."),
    ("Q23", "id", "Setelah bintangnya naik, paketnya langsung kami kirim."),
    # done, by what follows from it
    ("Q24", "en", "Good news: the money for the parcel is already back on your card."),
    ("Q24", "nl", "Het geld voor je pakket staat inmiddels op je rekening."),
    ("Q24", "ru", "Деньги за посылку уже у вас на карте."),
    ("Q24", "tr", "Kargonun parası hesabınıza geçti bile."),
    ("Q24", "id", "Uang paketnya sudah mendarat di rekening Kakak."),
]  # fmt: skip


@pytest.mark.parametrize(("check", "lang", "reply"), FAULTS)
def test_a_fault_is_found_by_its_family(check: str, lang: str, reply: str) -> None:
    assert check in checks(lint(reply, lang=lang))


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("en", "Your parcel is late because we typed the address wrong. I'm sorry."),
        ("en", "None of us rang you about the parcel, which was wrong; I'm sorry."),
        ("nl", "Niemand van ons belde je over het pakket; dat was niet goed en het spijt me."),
        ("ru", "Посылку задержали, и никто из нас вам не сказал, это неправильно. Простите."),
        ("tr", "Kargonuz gecikti ve hiçbirimiz size söylemedi; bu yanlıştı, özür dilerim."),
        ("id", "Paketnya telat dan tidak seorang pun dari kami memberi tahu; itu keliru, maaf."),
    ],
)
def test_whoever_tells_what_we_did_has_owned_it(lang: str, reply: str) -> None:
    assert "Q02" not in checks(lint(reply, lang=lang))


def test_an_outside_cause_is_no_ownership() -> None:
    reply = "We packed your parcel well, the courier lost it. We are sorry."
    assert "Q02" in checks(lint(reply))


def test_an_apology_that_is_none_is_told_once() -> None:
    reply = "We sent your parcel to the wrong street. It is a pity that you see it like that."
    assert "Q02" not in checks(lint(reply))


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("en", "If the parcel is lost, a new one leaves tomorrow."),
        ("ru", "Если посылка потерялась, завтра отправим новую."),
    ],
)
def test_what_happens_only_under_a_condition_needs_no_row(lang: str, reply: str) -> None:
    assert "Q05" not in checks(lint(reply, lang=lang, promises=[]))


@pytest.mark.parametrize(
    ("reply", "is_told"),
    [
        ("Your parcel hangs in the OLT, says the NOCX, sorry.", True),
        ("Your parcel is a TV, I pay by IBAN, sorry.", False),
        ("Your parcel is late, sorry. Bo", False),
        ("Your parcel is with the BO, sorry.", True),
    ],
)
def test_codes_are_told_and_names_and_everyday_letters_are_not(
    reply: str, *, is_told: bool
) -> None:
    assert ("Q22" in checks(lint(reply))) is is_told


@pytest.mark.parametrize(
    "context",
    [{"category": "praise", "fault_share": 0}, {"required": ["SOR"], "category": "abuse"}],
)
def test_praise_and_reasons_are_not_read_as_a_defence(context: dict[str, Any]) -> None:
    reply = "Thank you! Our guests love the parcel and nobody has ever complained."
    assert "Q07" not in checks(lint(reply, **context))
    assert "Q07" in checks(lint(reply))
