"""Words beside a number that say what it is: an order, a hotline, a phone, an account.

All of them are looked for in a short window of the text as given, so cost does not grow with it.
"""

from __future__ import annotations

import re

BEFORE = 28
AFTER = 18

_NOT_A_PERSONS = re.compile(
    r"(?:sipari[sş]|takip|kargo\s?(?:no|kod)|fatura|seri\s?no|ürün kodu|abone|ba[sş]vuru|talep|kay[ıi]t"
    r"|order|tracking|parcel|invoice|reference|\bref\b|ticket|\bcase\b|booking|serial|shipment|policy"
    r"|pesanan|resi\b|invois|transaksi|tiket|\bawb\b|\bkode\b|nota\b"
    r"|заказ|трек|накладн|отправлени|обращени|заявк|артикул|чек[аеу]?\b|билет"
    r"|bestel|zending|track\s?&|factuur|klantn|ordern|dossier|kenmerk|meldingsn)\w*"
    r"(?:\W{0,2}(?:no|num|nummer|nomor|номер)\w*)?(?:\s(?:is|was|adalah|это))?",
    re.IGNORECASE,
)
_PUBLIC_LINE = re.compile(
    r"m[uü][sş]teri\s(?:hizmet|temsil)|[cç]a[gğ]r[ıi] merkez|destek hatt|customer (?:service|care)"
    r"|call\s?cent|hotline|help\s?line|helpdesk|support line|layanan pelanggan|\bcs\b|горяч\w+ лини"
    r"|колл?\W?центр|служб\w+ поддержк|klantenservice|klantendienst|servicenummer",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"tel\b|telef|\bara(?:y[ıi]n|s[ıi]n|\b)|\bcep\b|\bgsm\b|whats|\bwa\b|phone|mobile"
    r"|\bcall|\bring\b|\btext me|number is"
    r"|no\.? ?hp|\bhp\b|telp|telepon|hubung|nomor (?:saya|aku|ku|hp)|тел|звон|номер|моб|ватсап|вотсап"
    r"|\bbel\b|bellen|bereik|\bapp(?:en)?\b|nummer|mobiel|☎|📞|📱",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:hesap|hesab[ıi]m)\s?(?:no|num)\w*|\bno\.?\s?rek(?:ening)?\b|\bnorek\b|\brekening(?:nya|ku| saya)?\b"
    r"|rekeningn(?:umme)?r|account (?:number|no)|acc(?:oun)?t\.? ?(?:no|num|#)|расч[её]тн\w+ сч[её]т"
    r"|номер\w? сч[её]та|(?:мой|на) сч[её]т|\bр/с\b|\biban\b",
    re.IGNORECASE,
)


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text shortly before and after a span."""
    return text[max(0, start - BEFORE) : start], text[end : end + AFTER]


def is_called_order(before: str) -> bool:
    """Return whether the words before a number call it an order, a ticket or the like."""
    # The word nearest to the number decides: "about my order, call me on ...".
    last = _last(_NOT_A_PERSONS, before)
    return last > 0 and last >= max(_last(_PHONE, before), _last(_ACCOUNT, before))


def is_public_line(before: str, after: str) -> bool:
    """Return whether a number is called a hotline or customer service."""
    return bool(_PUBLIC_LINE.search(before) or _PUBLIC_LINE.search(after))


def is_called_phone(before: str, after: str) -> bool:
    """Return whether the words beside a number call it a phone number."""
    return bool(_PHONE.search(before) or _PHONE.search(after))


def is_called_account(before: str) -> bool:
    """Return whether the words before a number call it a bank account."""
    return bool(_ACCOUNT.search(before))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=0)
