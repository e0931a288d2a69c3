"""Guesses from a header and some rows what the columns mean; a person looks at it before anything is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from amends.core.file_map.file_map import ISO, UNIX, UNIX_MS, Part

# Names of columns as exports of help desks and platforms write them, in five languages, folded.
NAMES: dict[Part, tuple[str, ...]] = {
    Part.TEXT: (
        *(
            "text",
            "comment",
            "message",
            "body",
            "content",
            "review",
            "review text",
            "post",
            "description",
        ),
        *(
            "metin",
            "yorum",
            "mesaj",
            "icerik",
            "aciklama",
            "teks",
            "komentar",
            "pesan",
            "isi",
            "ulasan",
        ),
        *("текст", "комментарий", "сообщение", "отзыв", "содержание"),
        *("tekst", "bericht", "reactie", "opmerking", "inhoud", "beoordeling"),
    ),
    Part.PUBLISHED_AT: (
        *(
            "published at",
            "created at",
            "created",
            "date",
            "time",
            "timestamp",
            "datetime",
            "posted at",
        ),
        *(
            "tarih",
            "yayin tarihi",
            "olusturma tarihi",
            "zaman",
            "tanggal",
            "waktu",
            "dibuat",
            "dibuat pada",
        ),
        *(
            "дата",
            "время",
            "дата создания",
            "опубликовано",
            "datum",
            "tijd",
            "geplaatst op",
            "aangemaakt op",
        ),
    ),
    Part.ID: (
        *("id", "comment id", "message id", "post id", "ticket id", "review id", "external id"),
        *(
            "yorum no",
            "mesaj no",
            "kayit no",
            "id komentar",
            "id pesan",
            "номер",
            "bericht id",
            "reactie id",
        ),
    ),
    Part.AUTHOR: (
        *("author", "author name", "name", "user", "customer", "customer name", "from", "sender"),
        *(
            "yazar",
            "ad",
            "isim",
            "ad soyad",
            "musteri",
            "gonderen",
            "nama",
            "penulis",
            "pelanggan",
            "pengirim",
        ),
        *("автор", "имя", "клиент", "отправитель", "auteur", "naam", "klant", "afzender"),
    ),
    Part.AUTHOR_ID: (
        *("author id", "user id", "customer id", "sender id", "kullanici no", "musteri no"),
        *("id pengguna", "id pelanggan", "id автора", "gebruikers id", "klantnummer"),
    ),
    Part.HANDLE: (
        *(
            "handle",
            "username",
            "user name",
            "screen name",
            "nickname",
            "kullanici adi",
            "nama pengguna",
        ),
        *("ник", "имя пользователя", "логин", "gebruikersnaam"),
    ),
    Part.AUTHOR_URL: ("author url", "profile", "profile url", "profil", "профиль", "profiel"),
    Part.FOLLOWERS: (
        *("followers", "follower count", "reach", "takipci", "takipci sayisi", "pengikut"),
        *("подписчики", "volgers"),
    ),
    Part.THREAD: (
        *(
            "thread",
            "thread id",
            "conversation",
            "conversation id",
            "konu",
            "konusma no",
            "percakapan",
        ),
        *("utas", "тема", "беседа", "gesprek", "gesprek id"),
    ),
    Part.PARENT: (
        *("parent", "parent id", "in reply to", "reply to", "yanitlanan", "ust yorum", "membalas"),
        *("ответ на", "antwoord op"),
    ),
    Part.URL: ("url", "link", "permalink", "address", "baglanti", "tautan", "ссылка", "koppeling"),
    Part.LANGUAGE: ("language", "lang", "locale", "dil", "bahasa", "язык", "taal"),
    Part.ORDER: (
        *(
            "order",
            "order id",
            "order number",
            "order no",
            "siparis",
            "siparis no",
            "siparis numarasi",
        ),
        *(
            "pesanan",
            "nomor pesanan",
            "no pesanan",
            "заказ",
            "номер заказа",
            "bestelling",
            "bestelnummer",
        ),
    ),
    Part.EDITED_AT: (
        *("edited at", "updated at", "modified", "duzenlenme tarihi", "diubah pada", "изменено"),
        *("gewijzigd op", "bijgewerkt op"),
    ),
    Part.OURS: (
        "ours",
        "is ours",
        "from us",
        "outbound",
        "bizden",
        "dari kami",
        "от нас",
        "van ons",
    ),
}
PATTERNS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
)
"""Forms of dates that are tried, and offered in the browser beside iso, unix and unix_ms."""

_FIRST_UNIX, _LAST_UNIX = 631_152_000, 4_102_444_800  # 1990 to 2100, in seconds


def guess_columns(header: Sequence[str]) -> dict[Part, str]:
    """The parts whose column goes by a usual name; the earlier name in our list is preferred."""
    by_name: dict[str, str] = {}
    for column in header:
        by_name.setdefault(fold_name(column), column)
    found: dict[Part, str] = {}
    for part, names in NAMES.items():
        meant = next((by_name[name] for name in names if name in by_name), None)
        if meant is not None and meant not in found.values():
            found[part] = meant
    return found


def guess_date_formats(values: Iterable[Any]) -> list[str]:
    """Every form by which all of the values can be read; two or more mean that a person must say which."""
    given = [value for value in values if value not in (None, "")]
    if not given:
        return []
    if all(isinstance(value, datetime) for value in given):
        return [ISO]
    texts = [str(value).strip() for value in given]
    if all(re.fullmatch(r"\d{9,14}", text) for text in texts):
        numbers = [int(text) for text in texts]
        if all(_FIRST_UNIX <= number <= _LAST_UNIX for number in numbers):
            return [UNIX]
        if all(_FIRST_UNIX <= number // 1000 <= _LAST_UNIX for number in numbers):
            return [UNIX_MS]
        return []
    if all(_is_iso(text) for text in texts):
        return [ISO]
    return [pattern for pattern in PATTERNS if all(_fits(text, pattern) for text in texts)]


def header_of(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns of rows that bring their names with them (JSONL), in the order of appearance."""
    return list(dict.fromkeys(key for row in rows for key in row))


def fold_name(name: str) -> str:
    """A name of a column without case, marks, underlines: `Oluşturma_Tarihi` is `olusturma tarihi`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)  # createdAt
    # Taken apart before and after: a bold A has no small letter of its own, and some small ones are two.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", parted).casefold())
    bare = "".join(c for c in plain.replace("ı", "i") if not unicodedata.combining(c))
    bare = unicodedata.normalize("NFC", bare)
    return re.sub(r"[\W_]+", " ", bare).strip()


def _is_iso(text: str) -> bool:
    if not re.match(r"\d{4}-?\d\d-?\d\d", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fits(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether it fits
    except ValueError:
        return False
    return True
