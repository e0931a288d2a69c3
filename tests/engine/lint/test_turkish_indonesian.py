"""What Turkish and Indonesian agents write: families of faults, and the harmless words beside them."""

from __future__ import annotations

import pytest

from tests.engine.lint.desk import checks, lint

FAULTS: list[tuple[str, str, str]] = [
    # an insult needs nobody named beside it
    ("Q10", "tr", "Kargonuz yolda; böyle ahlaksızca suçlamalara alışkınız."),
    ("Q10", "tr", "Kargo için para koparmaya çalışanları iyi tanırız."),
    ("Q10", "id", "Soal paket, kami sudah hafal orang licik yang menuduh begini."),
    ("Q10", "id", "Paketnya aman, hati-hati kalau bicara ya."),
    # blame by what must have been
    ("Q08", "tr", "Kargonuzu sert biçimde açmış olmalısınız."),
    ("Q08", "tr", "Belli ki kargo saatini kaçırmışsınız."),
    ("Q08", "id", "Pasti paketnya Kakak buka kasar."),
    ("Q08", "id", "Paket itu hanya bisa pecah kalau dibanting."),
    ("Q08", "id", "Begitulah nasib pelanggan yang malas mengecek resi."),
    # bargains about how long a post stays
    ("Q23", "tr", "Paylaşımınız yayında kaldığı sürece kargo ücretini iade edemiyoruz."),
    ("Q23", "id", "Selama unggahannya masih tayang, ongkir paket belum bisa kami kembalikan."),
    # done, in the passive
    ("Q24", "tr", "Telefon arızası giderilmiş, hattınıza ses verilmiştir."),
    ("Q24", "tr", "Kargo faturası iptal edilmiş, yenisi düzenlenmiştir."),
    ("Q24", "id", "Soal paket, koreksinya beres dan saldonya sudah balik."),
    # jokes about the state
    ("Q09", "tr", "Kargonuz için olağanüstü hâl ilan ettirelim."),
    ("Q09", "id", "Paket telat ini sudah kami catat sebagai pelanggaran HAM berat."),
    # law and evasion in the passive
    ("Q11", "tr", "Kargo sözleşmemizin 6. maddesinin (b) bendi gereğince tutanak esastır."),
    ("Q11", "tr", "Kargo hakkında kamuoyuna açıklama yapmamız uygun görülmemektedir."),
    ("Q11", "id", "Soal paket ini kami tidak dalam posisi memberi pernyataan."),
    # an invitation that says neither why nor what follows
    ("Q06", "id", "Paketnya kami cek. DM kami ya kak."),
    ("Q06", "id", "Paketnya kami cek. Silakan hubungi kami lewat DM."),
]

HARMLESS: list[tuple[str, str, str]] = [
    ("Q10", "tr", "Kargonuzun geldiğini duymak bize yetti."),
    ("Q10", "id", "Mendengar paketnya sampai sudah cukup buat kami."),
    ("Q10", "id", "Paket makanan untuk anjing itu kami antar besok."),
    ("Q08", "tr", "Kargoyu beklerken çok yorulmuş olmalısınız."),
    ("Q08", "tr", "Kargo yolda kalsaydınız ne olurdu, endişenizi anlıyorum."),
    ("Q08", "tr", "Kargo siparişinizi dikkatli okumadık."),
    ("Q08", "tr", "Kullanmadığınız kargo ücretini iade ediyorum."),
    ("Q08", "id", "Kalau Kakak mau, paketnya kami antar ke kantor."),
    ("Q08", "id", "Paketnya kami kirim ke kota yang salah."),
    ("Q08", "id", "Kami kurang teliti membaca alamat paket Kakak."),
    ("Q03", "id", "Soal paket, maaf Kak, salah kami."),
    ("Q03", "id", "Kalau Kakak sayang paket lama, saya mengerti."),
    ("Q09", "id", "Duh, ikut sedih paketnya belum sampai."),
    ("Q30", "id", "Orang tua penerima paket sudah kami kabari."),
    ("Q11", "tr", "Kargodaki gecikmede sorumluluk bize ait."),
    ("Q11", "tr", "Kargoyla noter onaylı evrakınızı yolluyorum."),
    ("Q24", "tr", "Kargonuzu iki kez haber vermeden iptal ettik."),
    ("Q04", "id", "Paketnya dipegang kurir, semoga lekas ketemu."),
    ("Q10", "id", "Kami cek paket SPKLU-nya."),
    ("Q08", "tr", "Kargo için özür dilemenize gerek yok, siz bir şey yapmadınız."),
    ("Q30", "tr", "Köyünüze kargoyla haftada iki gün kurye çıkıyor."),
    ("Q09", "tr", "Kargonun yanlış yere gittiğini sizden öğrendik."),
    ("Q30", "id", "Buku untuk anak-anak belajar membaca ada di paket itu."),
    ("Q10", "id", "Ibu tidak perlu datang lagi, paketnya kami jemput."),
]


@pytest.mark.parametrize(("check", "lang", "reply"), FAULTS)
def test_a_fault_is_found_by_its_family(check: str, lang: str, reply: str) -> None:
    result = lint(reply, lang=lang, fault_share=0)

    assert check in checks(result, "block", "warn")


@pytest.mark.parametrize(("check", "lang", "reply"), HARMLESS)
def test_what_only_looks_like_a_fault_is_let_be(check: str, lang: str, reply: str) -> None:
    result = lint(reply, lang=lang, fault_share=0)

    assert check not in checks(result, "block", "warn")


def test_the_mother_of_the_comment_is_not_who_is_addressed() -> None:
    reply = "Senang Ibu sudah bisa berjalan, salam dari Kakak perawat untuk Kakak."

    result = lint(reply, lang="id", comment="Ibu saya sudah bisa jalan", address="kak")

    assert "Q15" not in checks(result)


def test_anda_and_kak_in_one_reply_are_mixed() -> None:
    result = lint("Paket Anda kami cari; kalau ketemu Kakak saya kabari.", lang="id", address="kak")

    assert "Q15" in checks(result, "block")


def test_siz_in_a_case_ending_counts_beside_sen() -> None:
    reply = "Kargonuzdaki eksik için istersen bana yazabilirsin."

    result = lint(reply, lang="tr", address="siz")

    assert "Q15" in checks(result, "block")


def test_what_we_did_to_an_order_is_owned_in_the_indonesian_object_voice() -> None:
    result = lint("Paketnya lupa kami kirim, maaf Kak.", lang="id")

    assert "Q02" not in checks(result)


def test_a_promise_without_a_verb_of_promising_needs_a_row() -> None:
    turkish = lint("Yeni kargonuz cuma günü adresinizde.", lang="tr", promises=[])
    indonesian = lint("Hari Jumat paketnya sudah di rumah Kakak.", lang="id", promises=[])

    assert "Q05" in checks(turkish, "block")
    assert "Q05" in checks(indonesian, "block")


def test_a_root_that_the_stemmer_cuts_short_still_names_the_issue() -> None:
    comment = "Yamadan sonra oyun çöp oldu, denge diye bir şey yok"

    result = lint("Haklısınız, yama okçuları zayıflattı.", lang="tr", comment=comment)

    assert "Q01" not in checks(result)
