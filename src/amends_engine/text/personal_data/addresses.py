"""Find home addresses: street and number as they are written in five languages.

A cue word of a street is looked for first; only around one are name and number read. The address of
a shop, branch or office is no person's, unless the author calls the place their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amends_engine.text.personal_data.datum import PersonalDatum

_REACH = 48
_HOME = re.compile(
    r"\bev(?:im|ime|imde|de|e)?\b|adresim|adresime|adresin|oturuyor|ikamet"
    r"|\brumah|alamat(?:ku| saya| rumah|nya)?|tinggal"
    r"|\bжив[уеё]|прожива|мо[йему]+ адрес|адрес|домой|\bwoon|\bmijn (?:adres|huis)|adres is|\bthuis"
    r"|\blive[sd]?\b|living at|\bmy (?:home|house|flat|address|place)"
    r"|home address|address is|(?:her|his|our) (?:home|house|address)",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"[sş]ube|ma[gğ]aza|restoran|ofis|depo|hastane|market|avm|\btoko|cabang|outlet|gerai|kantor|gudang|mall\b"
    r"|магазин|пвз|пункт\w* выдач|филиал|отделени|салон|ресторан|кафе|офис|склад|аптек"
    r"|winkel|filiaal|vestiging|restaurant|kantoor|magazijn|store\b|shop\b|branch|office|warehouse|hotel|salon|clinic|pharmacy|station",
    re.IGNORECASE,
)
_UNIT = (
    r"(?! ?(?:%|°|[.,]\d|-?(?:minut|menit|jam|hari|minggu|bulan|tahun|km|meter|kali|orang|rb|ribu|juta"
    r"|dagen|dag|uur|weken|week|maanden|jaar|keer|euro|min\b|minuten|мин|час|дн|ден|день|нед|мес|год|лет|раз|руб|км"
    r"|days?|hours?|weeks?|months?|years?|times|minutes?|miles|g[uü]n|saat|hafta|ay\b|y[ıi]l|lira|tl\b|dakika|kere|kez)))"
)
_NUMBER = rf"\d{{1,4}}(?!\d)(?:[a-zA-Zа-яА-Я](?!\w)|[/-]\d{{1,4}}(?!\d))?{_UNIT}"

_TR_STREET = re.compile(
    r"(?<!\w)(?:mah(?:alle(?:si|sinde)?)?|cad(?:de(?:si|sinde)?)?|cd|sok(?:a[kğ][ıi]?(?:nda)?)?|sk|bulvar[ıi]|blv)(?!\w)",
    re.IGNORECASE,
)
_TR_PART = r"(?:no|numara|daire|d|kat|k|kap[ıi]|bina|apt|apartman[ıi]|blok)\s?[.:]{0,2}\s?"
_TR_TAIL = re.compile(
    rf"(?:[.,]? ?[^\W\d_]{{1,20}}\.?){{0,5}}?[.,]? ?\b{_TR_PART}\d{{1,4}}"
    rf"(?:[/-]\d{{1,3}}|[a-zA-Z](?!\w))?(?!\d){_UNIT}"
    rf"(?:[ ,/]{{0,3}}{_TR_PART}\d{{1,4}}(?!\d)){{0,3}}",
    re.IGNORECASE,
)
_TR_HEAD = re.compile(r"(?:(?<!\w)[^\W_]{1,20}\.? ){1,2}\Z")
_TR_NOT_NAME = re.compile(
    r"(?:(?:\w*adres\w*|ev\w{0,4}|benim|bizim|[sş]u|bu) (?=\w))", re.IGNORECASE
)

_ID_STREET = re.compile(
    r"(?<!\w)(?:jl|jln|jalan|gg|gang|perum|perumahan|komplek|kompleks)(?!\w)", re.IGNORECASE
)
_ID_PART = r"(?:no|nomor|blok|rt|rw)\s?[.:]{0,2}\s?"
_ID_TAIL = re.compile(
    rf"\.? ?(?:[^\W_][\w'-]{{0,20}}[.,]? ){{1,5}}?{_ID_PART}"
    rf"(?:[a-zA-Z]{{1,2}}[ -]?)?\d{{1,4}}(?!\d)[a-zA-Z]?(?!\w){_UNIT}"
    rf"(?:[ ,/]{{0,3}}{_ID_PART}(?:[a-zA-Z]{{1,2}}[ -]?)?\d{{1,4}}(?!\d)){{0,4}}",
    re.IGNORECASE,
)
_ID_BARE_TAIL = re.compile(rf"\.? ?(?:[A-Z][\w'-]{{1,20}} ){{1,4}}(?:[IVX]{{1,4}} )?{_NUMBER}")

_RU_STREET = re.compile(
    r"(?<!\w)(?:ул|улиц[аеы]|пр-т|пр-кт|просп|проспект[еа]?|пер|переул(?:ок|ке)|бульваре?|б-р|шоссе|наб|набережн(?:ая|ой)|проезде?|мкр)(?!\w)",
    re.IGNORECASE,
)
_RU_HOUSE = r"(?:д|дом|дома|доме)\.? ?"
_RU_TAIL = re.compile(
    rf"\.? ?(?:[^\W_][\w-]{{0,24}}\.?,? ){{1,3}}(?:{_RU_HOUSE})?{_NUMBER}"
    r"(?:[, ]{1,2}(?:к|корп|корпус|стр|строение)\.? ?\d{1,3})?(?:[, ]{1,2}(?:кв|квартира)\.? ?\d{1,4})?",
    re.IGNORECASE,
)
_RU_AFTER_NAME = re.compile(
    rf",? (?:{_RU_HOUSE})?{_NUMBER}(?:[, ]{{1,2}}(?:кв|квартира)\.? ?\d{{1,4}})?", re.IGNORECASE
)
_RU_NAME = re.compile(r"(?<!\w)[А-ЯЁ][а-яё-]{2,24} \Z")
_RU_FLAT = re.compile(
    r"(?<!\w)(?:д|дом)\.? ?\d{1,4}[а-яА-Я]?[, ]{1,2}"
    r"(?:(?:к|корп|корпус|подъезд|этаж)\.? ?\d{1,3}[, ]{1,2}){0,2}(?:кв|квартира)\.? ?\d{1,4}(?!\d)",
    re.IGNORECASE,
)

_NL_STREET = re.compile(
    r"(?<!\w)[A-Z][\w'-]{1,30}(?:straat|laan|weg|plein|gracht|kade|singel|dreef|steeg|hof|pad|dijk|park|plantsoen|hoven|markt)"
    rf" {_NUMBER}(?:,? ?[1-9]\d{{3}} ?[A-Z]{{2}}(?!\w))?"
)
_NL_LOOSE = re.compile(
    rf"(?<!\w)[a-z]{{3,30}}(?:straat|laan|gracht|plein|singel|weg) {_NUMBER}"
    r",? ?[1-9]\d{3} ?[a-zA-Z]{2}(?!\w)"
)
_NL_POSTCODE = re.compile(
    r"(?<!\w)[1-9]\d{3} ?[A-Z]{2}[, ]{1,2}(?:huisn(?:umme)?r|nr|nummer)\.? ?\d{1,4}(?!\d)"
)
_NL_NOT = re.compile(
    r"(?:onderweg|halverwege|snelweg|vandaag|supermarkt|arbeidsmarkt|markt|schoolplein"
    r"|i?pad|(?:idea|think|launch|track|game|note|touch|key|mouse)pad)\b",
    re.IGNORECASE,
)

_EN_KIND = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|terrace|place|gardens"
    r"|grove|boulevard|blvd|square|mews)"
)
_EN_STREET = re.compile(
    r"(?<![\w.,$€£-])(?:(?:[Ff]lat|[Aa]pt|[Uu]nit)\.? ?\d{1,4}[a-zA-Z]?,? )?\d{1,5}[a-zA-Z]?,? "
    rf"(?:(?!of |and |at |in |on |to |the )[A-Za-z][\w'.-]{{1,20}} ){{1,3}}{_EN_KIND}(?![\w'])\.?",
    re.IGNORECASE,
)
_EN_TAIL = re.compile(
    r",? ?(?:(?:[Ff]lat|[Aa]pt|[Uu]nit|#)\.? ?\d{1,4}[a-zA-Z]?)?"
    r"(?:,? [A-Z][a-z]{2,20}){0,2},? (?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?)(?!\w)"
    r"|,? (?:[Ff]lat|[Aa]pt|[Uu]nit|#)\.? ?\d{1,4}[a-zA-Z]?(?!\w)"
)
_EN_LOOSE = re.compile(r" (?:st|rd|dr|ln|ct|ave|ST|RD|DR|LN|CT|AVE)\.?\Z")
"""Kinds of street that are other words too, if they are not written as a name."""

_EN_NAME = re.compile(r"\d,? [A-Z]")
_WORDS = re.compile(r"[^\W\d_]+")
_NL_ENDINGS = (
    "straat", "laan", "weg", "plein", "gracht", "kade", "singel", "dreef", "steeg", "hof", "pad",
    "dijk", "park", "plantsoen", "hoven", "markt", "huisnr", "huisnummer",
)  # fmt: skip


def find_addresses(text: str) -> Iterator[PersonalDatum]:
    """Yield each home address; spans may overlap."""
    words = frozenset(_WORDS.findall(text.lower()))
    for cues, find in _FINDERS:
        if not words.isdisjoint(cues) or (find is _dutch and any(map(_ends_dutch, words))):
            for start, end in find(text):
                if _is_home(text, start, end):
                    yield PersonalDatum("address", start, end)


def _ends_dutch(word: str) -> bool:
    return word.endswith(_NL_ENDINGS)


_MONTH = re.compile(
    r" (?:ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık"
    r"|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
    r"|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
    r"|maart|augustus|december|january|february|march|may|june|july|august|october)(?!\w)",
    re.IGNORECASE,
)
"""After a number it makes a date of it: "caddeyi 30 Nisan'a kadar kapattı" is no house."""


def _is_home(text: str, start: int, end: int) -> bool:
    if text[end - 1].isdigit() and _MONTH.match(text, end):
        return False
    before = text[max(0, start - _REACH) : start]
    nearest = max((match.start() for match in _HOME.finditer(before)), default=-1)
    business = max((match.start() for match in _BUSINESS.finditer(before)), default=-1)
    if nearest >= 0 or business >= 0:
        return nearest > business
    return not _BUSINESS.search(text[end : end + 24])


def _turkish(text: str) -> Iterator[tuple[int, int]]:
    for street in _TR_STREET.finditer(text):
        tail = _TR_TAIL.match(text, street.end())
        head = _TR_HEAD.search(text, max(0, street.start() - 44), street.start())
        if tail and head and not _BUSINESS.match(head[0]):
            name = _TR_NOT_NAME.match(head[0])
            yield head.start() + (name.end() if name else 0), tail.end()


def _indonesian(text: str) -> Iterator[tuple[int, int]]:
    for street in _ID_STREET.finditer(text):
        tail = _ID_TAIL.match(text, street.end())
        if not tail and street[0][0].isupper():
            tail = _ID_BARE_TAIL.match(text, street.end())
        if tail:
            yield street.start(), tail.end()


def _russian(text: str) -> Iterator[tuple[int, int]]:
    for street in _RU_STREET.finditer(text):
        tail = _RU_TAIL.match(text, street.end())
        if tail:
            yield street.start(), tail.end()
            continue
        head = _RU_NAME.search(text, max(0, street.start() - 28), street.start())
        after = _RU_AFTER_NAME.match(text, street.end())
        if head and after:
            yield head.start(), after.end()
    yield from (match.span() for match in _RU_FLAT.finditer(text))


def _dutch(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NL_STREET, _NL_LOOSE, _NL_POSTCODE):
        for match in pattern.finditer(text):
            if not _NL_NOT.match(match[0]):
                yield match.span()


def _english(text: str) -> Iterator[tuple[int, int]]:
    for match in _EN_STREET.finditer(text):
        tail = _EN_TAIL.match(text, match.end())
        before = text[max(0, match.start() - _REACH) : match.start()]
        is_name = _EN_NAME.search(match[0]) and not _EN_LOOSE.search(match[0])
        if tail or is_name or _HOME.search(before):
            yield match.start(), tail.end() if tail else match.end()


_FINDERS: tuple[tuple[frozenset[str], Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (
        frozenset({
            "mah", "mahalle", "mahallesi", "mahallesinde", "cad", "cadde", "caddesi", "caddesinde",
            "cd", "sok", "sokak", "sokağı", "sokagi", "sokaği", "sokağında", "sokaginda",
            "sokağinda", "sk", "bulvarı", "bulvari", "blv",
        }),
        _turkish,
    ),
    (
        frozenset({
            "jl", "jln", "jalan", "gg", "gang", "perum", "perumahan", "komplek", "kompleks",
        }),
        _indonesian,
    ),
    (
        frozenset({
            "ул", "улица", "улице", "улицы", "пр", "просп", "проспект", "проспекте", "проспекта",
            "пер", "переулок", "переулке", "бульвар", "бульваре", "б", "шоссе", "наб",
            "набережная", "набережной", "проезд", "проезде", "мкр", "кв", "квартира",
        }),
        _russian,
    ),
    (frozenset({"nr", "nummer"}), _dutch),
    (
        frozenset({
            "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "dr", "close",
            "court", "ct", "crescent", "terrace", "place", "gardens", "grove", "boulevard", "blvd",
            "square", "mews",
        }),
        _english,
    ),
)  # fmt: skip


"""The words without which a search does not pay, and the search."""
