"""Neutral and friendly sentences about groups of people, so that a name alone is never read as hate.

Examples of hate name groups; without these, the names themselves would come to stand for it
(counterfactual augmentation, Dixon et al. 2018). The engine's fairness test uses other sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

GROUPS: Mapping[str, Sequence[str]] = {
    "en": (
        *("Muslims", "Jews", "Christians", "women", "gay people", "lesbians", "trans people"),
        *("Turks", "Arabs", "Black people", "immigrants", "refugees", "disabled people", "Roma"),
    ),
    "tr": (
        *("Müslümanlar", "Yahudiler", "Hristiyanlar", "kadınlar", "eşcinseller", "translar"),
        *("Kürtler", "Araplar", "Suriyeliler", "göçmenler", "mülteciler", "engelliler", "Romanlar"),
    ),
    "id": (
        *("orang Islam", "orang Kristen", "orang Yahudi", "perempuan", "kaum gay", "waria"),
        *("orang Papua", "orang Tionghoa", "orang Madura", "pendatang", "pengungsi", "difabel"),
    ),
    "ru": (
        *("мусульмане", "евреи", "христиане", "женщины", "геи", "лесбиянки", "трансгендеры"),
        *("татары", "кавказцы", "таджики", "мигранты", "беженцы", "инвалиды", "цыгане"),
    ),
    "nl": (
        *("moslims", "Joden", "christenen", "vrouwen", "homo's", "lesbiennes", "transgenders"),
        *("homomannen", "homoseksuelen", "biseksuelen"),
        *("Turken", "Marokkanen", "zwarte mensen", "immigranten", "vluchtelingen", "Roma"),
    ),
}

SENTENCES: Mapping[str, Sequence[str]] = {
    "en": (
        "{} live on our street too and we get on well",
        "Half of my colleagues are {}, lovely team",
        "The new campaign shows {} and families, nice to see",
        "Do {} get the same discount as everybody else?",
        "I read an article about {} and banking yesterday",
        "{} have been customers of this bakery for years",
        "My neighbours are {} and they recommended this shop",
        "There were {} at the opening last week, nice atmosphere",
        "Is the evening for {} on the third or the fourth floor?",
        "The museum has a room about {} this month",
    ),
    "tr": (
        "Bizim mahallede {} da oturuyor, gayet iyi anlaşıyoruz",
        "Yeni reklamda {} da var, görmek güzel",
        "{} için de aynı indirim geçerli mi?",
        "Dün {} ve bankacılık üzerine bir yazı okudum",
        "{} yıllardır bu fırının müşterisi",
        "İş arkadaşlarımın yarısı {}, harika bir ekip",
        "Komşularımız {}, bu mağazayı da onlar önerdi",
        "Geçen haftaki açılışta {} da vardı, hava çok güzeldi",
        "{} için düzenlenen gece üçüncü katta mı?",
        "Müzede bu ay {} hakkında bir sergi var",
    ),
    "id": (
        "Di kampung kami juga ada {}, hidup rukun semua",
        "Iklan barunya menampilkan {}, bagus deh",
        "Apa {} dapat diskon yang sama?",
        "Kemarin baca artikel soal {} dan perbankan",
        "{} sudah bertahun-tahun jadi pelanggan toko roti ini",
        "Separuh teman kantorku {}, timnya asyik",
        "Tetangga kami {}, mereka juga yang rekomendasiin toko ini",
        "Pas pembukaan minggu lalu ada {} juga, suasananya enak",
        "Acara untuk {} itu di lantai tiga atau empat ya?",
        "Bulan ini di museum ada pameran tentang {}",
    ),
    "ru": (
        "У нас во дворе живут и {}, все дружат",
        "В новой рекламе есть {}, приятно видеть",
        "А {} получают такую же скидку, как все?",
        "Вчера читал статью о том, как {} пользуются банками",
        "{} годами покупают хлеб в этой пекарне",
        "На работе у нас половина {}, отличная команда",
        "Наши соседи {}, этот магазин они и посоветовали",
        "На открытии на той неделе были и {}, хорошая атмосфера",
        "Вечер, на который придут {}, на третьем этаже или на четвёртом?",
        "В музее в этом месяце выставка о том, как живут {}",
    ),
    "nl": (
        "Bij ons in de straat wonen ook {}, we hebben het goed samen",
        "In de nieuwe reclame zie je {} en gezinnen, leuk om te zien",
        "Krijgen {} dezelfde korting als iedereen?",
        "Gisteren een stuk gelezen over {} en bankieren",
        "{} zijn al jaren klant bij deze bakker",
        "De helft van mijn collega's zijn {}, fijn team",
        "Vandaag waren er {} in de zaak, gezellige boel",
        "{} zijn bij jullie gelukkig gewoon welkom, top",
        "Er wonen tegenwoordig {} in ons gebouw",
        "Mijn ooms zijn {} en hebben hier een tafel gereserveerd",
        "Onze buren zijn {}, zij hebben deze winkel aangeraden",
        "Bij de opening vorige week waren ook {}, goede sfeer",
        "Is de avond voor {} op de derde of de vierde verdieping?",
        "In het museum is deze maand een zaal over {}",
        "Mijn twee broers zijn {} en komen hier elke week",
        "Er werken {} achter de balie, altijd vriendelijk geholpen",
    ),
}


NEUTRAL: Mapping[str, Sequence[int]] = {
    "en": (3, 4, 5, 9),
    "tr": (3, 4, 9),
    "id": (3, 4, 9),
    "ru": (3, 4, 9),
    "nl": (3, 4, 8, 9, 13, 14),
}
"""Sentences, from 0, that say nothing good or bad; questions are neutral besides."""


def read_identities() -> Iterator[dict[str, object]]:
    """Yield entries in the form of our own examples."""
    for lang, sentences in SENTENCES.items():
        for row, sentence in enumerate(sentences):
            for column, group in enumerate(GROUPS[lang]):
                text = sentence.format(group)
                yield {
                    "id": f"identity-{lang}-{row}-{column}",
                    "lang": lang,
                    "text": text[0].upper() + text[1:],
                    "sentiment": "neutral"
                    if text.endswith("?") or row in NEUTRAL[lang]
                    else "positive",
                    "complaint": False,
                    "category": "question" if text.endswith("?") else "other",
                    "severity": "low",
                    "arousal": "low",
                    "policy_ground": "none",
                    "offensive": False,
                    "legal_threat": False,
                    "safety": False,
                    "personal_data": False,
                    "question": text.endswith("?"),
                    "self_harm": False,
                    "minor": False,
                }
