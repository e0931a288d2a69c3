"""Replies that a careful person would send pass without a block or a warning, in every language."""

from __future__ import annotations

import pytest

from tests.engine.lint.desk import lint

ALL = ["ACK", "REG", "RESP", "FIX", "TIME"]
DUE = "2026-03-12T18:00"

GOOD = {
    "en": "Hi Tom, your parcel should have left on Monday and we forgot to scan it. That was our "
    "mistake and I'm sorry. It leaves our depot today and I'll write to you here by 18:00. Priya",
    "tr": "Merhaba Ayşe Hanım, paketinizi salı günü yola çıkarmayı unuttuk; bu bizim hatamız, "
    "özür dileriz. Paket bugün kuryede, saat 18.00'e kadar size buradan yazacağım. Elif",
    "ru": "Ирина, посылку мы забыли отдать курьеру во вторник. Это наша ошибка, простите. "
    "Отправляем её сегодня и до 18:00 напишу вам здесь. Анна",
    "nl": "Hoi Tom, je pakket had dinsdag moeten komen en wij zijn vergeten het te scannen. Dat is "
    "onze fout, sorry. Het vertrekt vandaag en om 18.00 uur laat ik hier van me horen. Sanne",
    "id": "Halo Kak Rani, paketnya belum sampai karena kami lupa memindainya hari Selasa. Ini "
    "kesalahan kami, maaf ya Kak. Hari ini kami kirim dan sebelum pukul 18.00 saya kabari. Dewi",
}
PROMISED = {
    "en": "parcel leaves, write by 18:00",
    "tr": "paketi göndermek ve yazmak",
    "ru": "отправить посылку и написать",
    "nl": "pakket versturen en laten horen",
    "id": "kirim paket dan kabari",
}
ADDRESS = {"en": None, "tr": "siz", "ru": "vy", "nl": "je", "id": "kak"}


@pytest.mark.parametrize("lang", sorted(GOOD))
def test_an_owned_fault_with_act_and_hour_is_clean(lang: str) -> None:
    row = {"text": PROMISED[lang], "owner": "us", "due": DUE}
    result = lint(GOOD[lang], lang=lang, required=ALL, promises=[row], address=ADDRESS[lang])
    assert [one.reason for one in result.findings if one.level != "hint"] == []
    assert result.verdict == "clean"


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("en", "We should have rung you about the parcel, and we are sorry that we did not."),
        ("en", "Please delete the app and install it again; your parcel shows up then. Sorry for our bug."),
        ("en", "Your parcel has not been found yet and the refund is not sent yet; our mistake, sorry."),
        ("tr", "Kargonuz henüz gönderilmedi, bu bizim hatamız, özür dileriz."),
        ("tr", "Kargonuzu görmek için uygulamayı silip yeniden yükleyin lütfen, hata bizim, özür dileriz."),
        ("ru", "Посылку ещё не отправили, это наша ошибка, простите. Мы должны были вас предупредить."),
        ("nl", "We hadden je over het pakket moeten bellen. Dat is onze fout, sorry."),
        ("id", "Paketnya belum dikirim, itu kesalahan kami, maaf. Seharusnya kami mengabari Kakak."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_fault_is_let_be(lang: str, reply: str) -> None:
    result = lint(reply, lang=lang)
    assert [(one.reason, one.level) for one in result.findings if one.level != "hint"] == []


def test_words_of_the_customer_in_quotes_are_not_linted() -> None:
    reply = 'You wrote "stop lying, you idiots" because the parcel is late. Our mistake, sorry.'
    assert lint(reply).verdict == "clean"


def test_own_hotline_dates_and_flight_numbers_are_no_personal_data() -> None:
    reply = (
        "Your parcel flew on KX482 on 12 March. Our mistake, sorry. Call us on +44 20 7946 0000."
    )
    assert lint(reply).verdict == "clean"


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("en", "Our address is 12 Mill Road, your parcel waits there. Our mistake, sorry."),
        ("nl", "Ons adres is Molenweg 12, je pakket ligt daar. Onze fout, sorry."),
        ("tr", "Adresimiz Değirmen Sokak 12, kargonuz orada. Bizim hatamız, özür dileriz."),
    ],
)
def test_our_own_place_is_no_personal_data(lang: str, reply: str) -> None:
    assert "Q16" not in {one.check for one in lint(reply, lang=lang).findings}


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("en", "The clowns start at three and row four is yours."),
        ("en", "You did nothing wrong, the lift stopped because our sensor failed."),
        ("nl", "De linker en de rechter schoen hebben verschillende maten, onze fout."),
        ("ru", "Роман вашего сына снова на полке, коронку переделаем бесплатно."),
        ("ru", "Грязь в номере увидели и мы, музыку сделали тише."),
        ("tr", "Uygulama sizi her açılışta dışarı atıyor, hata bizde."),
        ("id", "Tehnya kurang manis dan kurir menjatuhkan kotaknya, salah kami."),
    ],
)
def test_ordinary_words_of_clinics_shops_and_stages_offend_nobody(lang: str, reply: str) -> None:
    found = {one.check for one in lint(reply, lang=lang, comment="").findings}
    assert not found & {"Q03", "Q07", "Q08", "Q09", "Q10", "Q11", "Q20", "Q23", "Q30"}


def test_private_mail_may_name_person_order_and_credit() -> None:
    reply = (
        "Dear Mr John Whitfield, your parcel with order number 48213377 was sent late. That is our "
        "mistake and I apologise. I have put a voucher of 15 euros on your account."
    )
    result = lint(reply, public=False, channel="email")
    assert [one.reason for one in result.findings if one.level != "hint"] == []
