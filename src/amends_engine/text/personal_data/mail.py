"""Find e-mail addresses of persons; mailboxes of a role (info@, destek@) are no person's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amends_engine.text.personal_data.datum import PersonalDatum

_AT = re.compile(r"[\w+%-]@\w")
_LOCAL = r"(?<![\w.+%@-])[\w+%-](?:[\w.+%-]{0,62}[\w+%-])?"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,4}[^\W\d_]{2,24}(?![\w@])"
_PLAIN = re.compile(rf"({_LOCAL})@{_DOMAIN}")
_SPELT = re.compile(
    rf"({_LOCAL}) ?(?:[(\[{{] ?(?:at|et|собака) ?[)\]}}]) ?"
    r"[\w-]{1,63}(?: ?(?:\.|[(\[{] ?(?:dot|nokta|titik|punt|точка) ?[)\]}]| dot ) ?[\w-]{2,24}){1,3}"
    rf"|({_LOCAL}) at (?!the )[\w-]{{1,63}} dot [^\W\d_]{{2,24}}(?: dot [^\W\d_]{{2,24}})?(?!\w)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:info|support|help|helpdesk|contact|service|services|customer\w{0,12}|care|klantenservice|"
    r"destek|bilgi|iletisim|musteri\w{0,12}|cs|halo|layanan|pengaduan|noreply|no-reply|"
    r"donotreply|press|sales|admin|office|billing|orders?|hr|jobs|privacy|feedback|complaints?|"
    r"klachten|webshop|zakaz|otzyv|hello|hallo|team|abuse|legal|marketing)(?:[.+_-]\w{1,20})?",
    re.IGNORECASE,
)


def may_hold_mail(text: str) -> bool:
    """Return at little cost whether a search pays."""
    is_plain = "@" in text and _AT.search(text) is not None
    return is_plain or "at)" in text or "at]" in text or " dot " in text


def find_mail(text: str) -> Iterator[PersonalDatum]:
    """Yield each address, written plainly or with "(at)" and "dot"."""
    for pattern in (_PLAIN, _SPELT):
        for match in pattern.finditer(text):
            local = next(group for group in match.groups() if group)
            if not _ROLE.fullmatch(local):
                yield PersonalDatum("email", match.start(), match.end())
