"""An amount of money in a currency: what a promise costs, and how far an authority reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

CURRENCIES = ("EUR", "TRY", "IDR", "RUB", "USD", "GBP")
"""Those that are offered first; any code of three letters is taken."""

_AMOUNT = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in units of `currency` (ISO 4217), never converted into another one."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        whole = self.amount == self.amount.to_integral_value()
        shown = self.amount.quantize(Decimal(1) if whole else Decimal("0.01"))
        return f"{shown:,f} {self.currency}".replace(",", "\N{NO-BREAK SPACE}")


def read_money(amount: str, *, currency: str) -> Money | None:
    """What two fields of a form say; None where no amount is given.

    Raises ValueError for what is no amount or no currency. A group separator is refused, since a point
    means thousands in one country and decimals in the next.
    """
    typed = re.sub(r"\s", "", amount)
    if not typed:
        return None
    found, code = _AMOUNT.fullmatch(typed), currency.strip().upper()
    if found is None or _CODE.fullmatch(code) is None:
        raise ValueError(f"{amount!r} {currency!r} is no amount of money")
    value = Decimal(f"{found[1]}.{found[2] or '0'}")
    return Money(value, code) if value else None
