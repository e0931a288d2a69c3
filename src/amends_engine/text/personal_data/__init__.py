"""Find personal data of a person in a text: how to reach, pay, identify or visit them.

`find_personal_data` returns exact spans of the text as given. Kinds: `email`, `phone`, `iban`,
`card`, `account`, `tckn` (tr), `nik` (id), `bsn` (nl), `inn`, `snils`, `passport` (ru), `address`.
First names, order and tracking numbers, public hotlines, role mailboxes, handles and the addresses
of branches are none.
"""

from amends_engine.text.personal_data.checks import (
    has_bsn_check,
    has_iban_check,
    has_inn_check,
    has_luhn_check,
    has_nik_structure,
    has_snils_check,
    has_tckn_check,
    is_card_number,
)
from amends_engine.text.personal_data.datum import PersonalDatum
from amends_engine.text.personal_data.find import find_personal_data

__all__ = [
    "PersonalDatum",
    "find_personal_data",
    "has_bsn_check",
    "has_iban_check",
    "has_inn_check",
    "has_luhn_check",
    "has_nik_structure",
    "has_snils_check",
    "has_tckn_check",
    "is_card_number",
]
