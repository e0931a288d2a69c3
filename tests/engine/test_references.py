"""Order numbers are found where a text calls them so, in five languages, and nothing personal is one."""

from __future__ import annotations

import pytest

from amends_engine.lint.similarity import similarity
from amends_engine.text.nearness import near_bands
from amends_engine.text.references import find_references

NAMED = [
    ("Sipariş no: 4471982, altı gündür bekliyorum", "4471982"),
    ("4471982 numaralı siparişim hâlâ yolda görünüyor", "4471982"),
    ("4471982 nolu kargo nerede?", "4471982"),
    ("Kargo takip numaram TR90871234 hiç ilerlemiyor", "TR90871234"),
    ("My order number is LB-20931 and nobody answers", "LB20931"),
    ("order #4471982 still missing!!", "4471982"),
    ("Tracking JD0146003391 has not moved since Monday", "JD0146003391"),
    ("Pesanan saya 88120394 belum sampai juga", "88120394"),
    ("nomor resi JP8812039447 tidak ada update", "JP8812039447"),
    ("no pesanan: LB20931, tolong dicek", "LB20931"),
    ("Заказ № 4471982 не приехал", "4471982"),
    ("номер заказа 4471982, жду неделю", "4471982"),
    ("трек-номер RB123998871RU не отслеживается", "RB123998871RU"),
    ("Mijn bestelling 4471982 is nog steeds niet binnen", "4471982"),
    ("bestelnummer: LB-20931", "LB20931"),
    ("Ordernummer 4471982, al zes dagen niks", "4471982"),
]
NOT_NAMED = [
    "6 gündür kargom yok, 2026 yılında hâlâ böyle",
    "0532 123 45 67 numaralı telefonumu arayın",
    "siparişim 1499 lira tuttu",
    "siparişim 15800 lira tuttu, kargo 24 gün sürdü",
    "pesanan 157000 rupiah hilang",
    "Siparişim 12345 lira değildi ki",
    "I paid 20931 for this, unbelievable",
    "order 00000",
    "my order from 12-10-2026 is late",
    "case closed in 2025",
    "Call me: +31 6 12345678 about my order",
    "Pesan 3 barang, yang datang 2",
    "telepon saya 081234567890",
    "заказ на 15000 рублей отменили",
    "паспорт 4510 123456",
    "Mijn IBAN is NL91ABNA0417164300",
    "bestelling van 250 euro kwijt",
    "lovely weather today",
    "",
]
COPIES = [
    (
        "Six days without my parcel and nobody picks up the phone, shame on you Lumbara",
        "six days without my parcel and nobody picks up the phone , shame on you Lumbara!!",
    ),
    (
        "Altı gündür kargom yok, arıyorum açan yok, böyle hizmet olmaz olsun",
        "Altı gündür kargom yok arıyorum açan yok, böyle hizmet olmaz olsun!",
    ),
    (
        "Шестой день нет посылки, трубку никто не берёт, позор вашему магазину",
        "Шестой день нет посылки, трубку никто не берёт, позор вашему магазину!!!",
    ),
    (
        "Sudah enam hari paket saya belum sampai, ditelepon tidak ada yang angkat",
        "sudah enam hari paket saya belum sampai, ditelepon tidak ada yang angkat..",
    ),
    (
        "Al zes dagen geen pakket en niemand neemt de telefoon op, schande",
        "Al zes dagen geen pakket en niemand neemt de telefoon op. Schande",
    ),
]


@pytest.mark.parametrize(("text", "value"), NAMED)
def test_a_number_that_the_text_names_is_found_in_one_form(text: str, value: str) -> None:
    assert [one.value for one in find_references(text)] == [value]
    (found,) = find_references(text)
    assert text[found.start : found.end].replace("-", "").upper() == value


@pytest.mark.parametrize("text", NOT_NAMED)
def test_nothing_else_is_a_number_of_an_order(text: str) -> None:
    assert find_references(text) == []


@pytest.mark.parametrize(("one", "other"), COPIES)
def test_near_copies_meet(one: str, other: str) -> None:
    assert similarity(one, other) >= 0.8
    assert set(near_bands(one)) & set(near_bands(other))


def test_other_complaints_are_no_near_copies() -> None:
    texts = [one for one, _other in COPIES]
    for at, one in enumerate(texts):
        for other in texts[at + 1 :]:
            assert not set(near_bands(one)) & set(near_bands(other))


def test_short_texts_have_no_name() -> None:
    assert near_bands("Kargom nerede?") == ()
    assert near_bands("") == ()
