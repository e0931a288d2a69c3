"""How far each role reaches where nothing else was laid down (domain.md 3.3: A0 to A2, K12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from amends.accounts.models import Act, Role

# What an agent may give away alone (limit 1) and a lead may (limit 2), in the currencies of our markets.
# They are no conversions: round amounts that a shop would think of. Every workspace may lay down its own.
LIMIT_1: Mapping[str, Decimal] = MappingProxyType(
    {
        "EUR": Decimal(50), "USD": Decimal(50), "GBP": Decimal(40), "TRY": Decimal(2_000),
        "IDR": Decimal(800_000), "RUB": Decimal(5_000),
    }
)  # fmt: skip
LIMIT_2: Mapping[str, Decimal] = MappingProxyType(
    {currency: amount * 10 for currency, amount in LIMIT_1.items()}
)
SHORT_BAN = 7  # days; a longer one is for a lead


@dataclass(frozen=True, slots=True)
class Default:
    """Limits of a role for an act; None is no limit."""

    limits: Mapping[str, Decimal] | None = None
    days: int | None = None


DEFAULTS: Mapping[tuple[Role, Act], Default] = MappingProxyType(
    {
        (Role.AGENT, Act.PUBLISH): Default(),
        (Role.AGENT, Act.PROMISE): Default(),
        (Role.AGENT, Act.COMPENSATE): Default(limits=LIMIT_1),
        (Role.AGENT, Act.REMOVE): Default(),
        (Role.AGENT, Act.BAN): Default(days=SHORT_BAN),
        (Role.LEAD, Act.PUBLISH): Default(),
        (Role.LEAD, Act.PROMISE): Default(),
        (Role.LEAD, Act.COMPENSATE): Default(limits=LIMIT_2),
        (Role.LEAD, Act.REMOVE): Default(),
        (Role.LEAD, Act.BAN): Default(),
        **{(Role.OWNER, act): Default() for act in Act},
    }
)
