"""The sentences of a statement of reasons, in the author's language: what, when, why, by whom, how to object.

They are not translations of the interface (the reader is the author, not a colleague), so they stand here and
not in the catalogues. `{facts}` is the one part that a person may word; `{rule}` is the title of the clause.
Each must pass check Q26 of the linter; a test reads every one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """One language: a sentence for each kind of measure, one on what is still possible, the way to object."""

    acts: Mapping[str, str]
    scopes: Mapping[str, str]
    person: str
    appeal: str
    facts: Mapping[str, str]
    day: str  # a date format of Django


ENGLISH = Words(
    acts={
        "warn": "Your comment of {date} breaks our rule “{rule}” because {facts}.",
        "hide": "We have hidden your comment of {date} because {facts} (rule “{rule}”).",
        "delete": "We have removed your comment of {date} because {facts} (rule “{rule}”).",
        "temporary_ban": "You cannot comment here until {until}: we banned you for your comment of {date}"
        " because {facts} (rule “{rule}”).",
        "ban": "We have banned you here for your comment of {date}"
        " because {facts} (rule “{rule}”).",
        "block": "We have blocked your account for your comment of {date}"
        " because {facts} (rule “{rule}”).",
    },
    scopes={
        "warn": "It stays; you can still comment.",
        "hide": "You can still comment.",
        "delete": "You can still comment.",
        "temporary_ban": "",
        "ban": "This is permanent.",
        "block": "This is permanent.",
    },
    person="A person decided this.",
    appeal="You can appeal within 6 months, someone else decides then: {link}",
    facts={
        "hate": "it contains hate against a group of people",
        "threat": "it contains a threat",
        "doxxing": "it reveals personal details of somebody",
        "sexual": "it contains sexual content",
        "illegal": "it contains unlawful content",
        "scam": "it contains an attempt to deceive others",
        "spam": "it is spam",
        "profanity_targeted": "it insults somebody",
        "off_topic": "it keeps leaving the subject",
    },
    day="j F",
)
TURKISH = Words(
    acts={
        "warn": "{date} tarihli yorumunuz, {facts} “{rule}” kuralımıza aykırı.",
        "hide": "{date} tarihli yorumunuzu {facts} gizledik (kural: “{rule}”).",
        "delete": "{date} tarihli yorumunuzu {facts} kaldırdık (kural: “{rule}”).",
        "temporary_ban": "{date} tarihli yorumunuz nedeniyle {until} tarihine kadar burada"
        " yorum yapamazsınız: {facts} (kural: “{rule}”).",
        "ban": "{date} tarihli yorumunuz nedeniyle artık burada yorum yapamazsınız:"
        " {facts} (kural: “{rule}”).",
        "block": "{date} tarihli yorumunuz nedeniyle hesabınızı engelledik: {facts} (kural: “{rule}”).",
    },
    scopes={
        "warn": "Yorumunuz duruyor; yazmaya devam edebilirsiniz.",
        "hide": "Yorum yapmaya devam edebilirsiniz.",
        "delete": "Yorum yapmaya devam edebilirsiniz.",
        "temporary_ban": "",
        "ban": "Bu karar kalıcıdır.",
        "block": "Bu karar kalıcıdır.",
    },
    person="Kararı bir çalışanımız verdi.",
    appeal="6 ay içinde itiraz edebilirsiniz, başka biri inceler: {link}",
    facts={
        "hate": "bir gruba yönelik nefret içerdiği için",
        "threat": "tehdit içerdiği için",
        "doxxing": "kişisel bilgi açıkladığı için",
        "sexual": "cinsel içerik barındırdığı için",
        "illegal": "yasa dışı içerik barındırdığı için",
        "scam": "aldatma amacı taşıdığı için",
        "spam": "spam olduğu için",
        "profanity_targeted": "birine hakaret içerdiği için",
        "off_topic": "konuyu sürekli başka yere çektiği için",
    },
    day="j F",
)
INDONESIAN = Words(
    acts={
        "warn": "Komentar Anda tanggal {date} melanggar aturan “{rule}” karena {facts}.",
        "hide": "Komentar Anda tanggal {date} kami sembunyikan karena {facts} (aturan “{rule}”).",
        "delete": "Komentar Anda tanggal {date} kami hapus karena {facts} (aturan “{rule}”).",
        "temporary_ban": "Anda tidak bisa berkomentar sampai {until} karena komentar"
        " tanggal {date} {facts} (aturan “{rule}”).",
        "ban": "Anda tidak bisa lagi berkomentar karena komentar tanggal {date}"
        " {facts} (aturan “{rule}”).",
        "block": "Akun Anda kami blokir karena komentar Anda tanggal {date} {facts} (aturan “{rule}”).",
    },
    scopes={
        "warn": "Komentar itu tetap ada; Anda masih bisa berkomentar.",
        "hide": "Anda tetap bisa berkomentar.",
        "delete": "Anda tetap bisa berkomentar.",
        "temporary_ban": "",
        "ban": "Keputusan ini permanen.",
        "block": "Keputusan ini permanen.",
    },
    person="Diputuskan oleh petugas kami.",
    appeal="Keberatan dalam 6 bulan ditinjau petugas lain: {link}",
    facts={
        "hate": "memuat kebencian terhadap kelompok",
        "threat": "memuat ancaman",
        "doxxing": "membuka data pribadi seseorang",
        "sexual": "memuat konten seksual",
        "illegal": "memuat konten melanggar hukum",
        "scam": "mengandung upaya penipuan",
        "spam": "merupakan spam",
        "profanity_targeted": "memuat hinaan terhadap seseorang",
        "off_topic": "terus keluar dari topik",
    },
    day="j F",
)
RUSSIAN = Words(
    acts={
        "warn": "Ваш комментарий от {date} нарушает наше правило «{rule}»: {facts}.",
        "hide": "Мы скрыли ваш комментарий от {date}: {facts} (правило «{rule}»).",
        "delete": "Мы удалили ваш комментарий от {date}: {facts} (правило «{rule}»).",
        "temporary_ban": "До {until} вы не можете комментировать здесь из-за комментария от {date}:"
        " {facts} (правило «{rule}»).",
        "ban": "Вы больше не можете комментировать здесь из-за комментария от {date}:"
        " {facts} (правило «{rule}»).",
        "block": "Мы заблокировали ваш аккаунт из-за комментария от {date}: {facts} (правило «{rule}»).",
    },
    scopes={
        "warn": "Он остаётся; вы по-прежнему можете писать.",
        "hide": "Комментировать можно и дальше.",
        "delete": "Комментировать можно и дальше.",
        "temporary_ban": "",
        "ban": "Это бессрочно.",
        "block": "Это бессрочно.",
    },
    person="Решение принял сотрудник.",
    appeal="Возразить можно в течение 6 месяцев, решит другой человек: {link}",
    facts={
        "hate": "в нём ненависть к группе людей",
        "threat": "в нём угроза",
        "doxxing": "в нём чужие персональные данные",
        "sexual": "в нём содержание сексуального характера",
        "illegal": "в нём незаконное содержание",
        "scam": "в нём попытка обмануть других",
        "spam": "в нём спам",
        "profanity_targeted": "в нём оскорбление человека",
        "off_topic": "в нём снова и снова нет ничего по теме",
    },
    day="j E",
)
DUTCH = Words(
    acts={
        "warn": "Je reactie van {date} breekt onze huisregel “{rule}”, omdat {facts}.",
        "hide": "We hebben je reactie van {date} verborgen omdat {facts} (huisregel “{rule}”).",
        "delete": "We hebben je reactie van {date} verwijderd omdat {facts} (huisregel “{rule}”).",
        "temporary_ban": "Je kunt hier tot {until} niet reageren vanwege je reactie van {date}, omdat {facts}"
        " (huisregel “{rule}”).",
        "ban": "Je kunt hier niet meer reageren vanwege je reactie van {date}, omdat {facts}"
        " (huisregel “{rule}”).",
        "block": "We hebben je account geblokkeerd vanwege je reactie van {date}, omdat {facts}"
        " (huisregel “{rule}”).",
    },
    scopes={
        "warn": "Die blijft staan; je kunt blijven reageren.",
        "hide": "Je kunt blijven reageren.",
        "delete": "Je kunt blijven reageren.",
        "temporary_ban": "",
        "ban": "Dit is permanent.",
        "block": "Dit is permanent.",
    },
    person="Een medewerker besloot dit.",
    appeal="Bezwaar kan binnen 6 maanden, een andere collega beslist: {link}",
    facts={
        "hate": "er haat tegen een groep mensen in staat",
        "threat": "er een bedreiging in staat",
        "doxxing": "er persoonlijke gegevens van iemand in staan",
        "sexual": "er seksuele inhoud in staat",
        "illegal": "er strafbare inhoud in staat",
        "scam": "die bedoeld is om anderen te misleiden",
        "spam": "het spam is",
        "profanity_targeted": "er een belediging van iemand in staat",
        "off_topic": "die telkens weer van het onderwerp afleidt",
    },
    day="j F",
)
TEXTS: Mapping[str, Words] = MappingProxyType(
    {"en": ENGLISH, "tr": TURKISH, "id": INDONESIAN, "ru": RUSSIAN, "nl": DUTCH}
)
FALLBACK = "en"
