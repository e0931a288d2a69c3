"""The permit without which no channel hides, deletes, blocks, reports or bans (K20, domain.md 1.3 C1).

A grant is not a value that code can write down. The one module that checks a measure against the published
policy claims the mint when it is loaded (`claim_mint`); nobody can claim it again, and what was not minted is
refused: a subclass, a copy, a pickle, an object made past the constructor, a minted one that was altered.
It is spent by the one call for which it was given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, final
from weakref import WeakKeyDictionary

from amends.connectors.kit.errors import ChannelError
from amends.connectors.kit.manifest import Action
from amends.core.clock import require_aware

ISSUER = "amends.measures.act"
GUARDED = frozenset({Action.HIDE, Action.DELETE_OTHERS, Action.BLOCK, Action.REPORT, Action.BAN})
"""What a channel does to others, and only with a grant."""

_FIELDS = (
    "action",
    "account_external_id",
    "external_id",
    "version_key",
    "thread_external_id",
    "author_external_id",
    "ground",
    "until",
    "key",
    "expires_at",
)


class ForgedGrant(TypeError):
    """Somebody tried to make a grant without the guard."""


@final
class MeasureGrant:
    """That exactly this may be done to exactly this comment or author, once, until `expires_at`.

    `key` names the measure (hex): a channel that can, makes it the key of its own record. `until` is the end
    of a temporary ban. `ground` is the code of the clause, for a report. Attributes are read only.
    """

    __slots__ = ("__weakref__", *_FIELDS)

    action: Action
    account_external_id: str
    external_id: str
    version_key: str
    thread_external_id: str
    author_external_id: str
    ground: str
    until: datetime | None
    key: str
    expires_at: datetime

    def __new__(cls, *_args: object, **_values: object) -> MeasureGrant:
        raise ForgedGrant(f"A grant is issued by {ISSUER} alone, after its checks.")

    def __init_subclass__(cls) -> None:
        raise ForgedGrant("A grant has no variants.")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ForgedGrant("A grant is not changed: ask for another one.")

    def __delattr__(self, name: str) -> NoReturn:
        raise ForgedGrant("A grant is not changed: ask for another one.")

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise ForgedGrant("A grant is neither copied nor stored.")

    def __repr__(self) -> str:
        return f"<MeasureGrant {getattr(self, 'action', '?')}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFor:
    """What the issuer asks the mint for; worth nothing by itself."""

    action: Action
    account_external_id: str
    external_id: str
    version_key: str
    thread_external_id: str
    author_external_id: str
    ground: str
    until: datetime | None
    key: str
    expires_at: datetime


Mint = Callable[[GrantFor], MeasureGrant]


def _open_mint() -> tuple[Callable[[], Mint], Callable[[object], bool], Callable[[object], bool]]:
    """The mint and its book. The book lives in this closure, out of reach of attribute access."""
    book: WeakKeyDictionary[MeasureGrant, tuple[Any, ...]] = WeakKeyDictionary()
    spent: WeakKeyDictionary[MeasureGrant, bool] = WeakKeyDictionary()
    claimed: list[str] = []

    def issue(wanted: GrantFor) -> MeasureGrant:
        if wanted.action not in GUARDED:
            raise ValueError(f"{wanted.action} needs no grant")
        require_aware(wanted.expires_at)
        grant: MeasureGrant = object.__new__(MeasureGrant)
        for name in _FIELDS:
            object.__setattr__(grant, name, getattr(wanted, name))
        book[grant] = _read(grant)
        return grant

    def claim_mint() -> Mint:
        """Hand the mint to the issuer: once, when its module is loaded.

        Raises ForgedGrant for any other module, and for a second claim.
        """
        asks = str(sys._getframe(1).f_globals.get("__name__"))
        if asks != ISSUER or claimed:
            raise ForgedGrant(f"{asks} may not issue grants.")
        claimed.append(asks)
        return issue

    def is_minted(grant: object) -> bool:
        return isinstance(grant, MeasureGrant) and book.get(grant) == _read(grant)

    def spend(grant: object) -> bool:
        if not isinstance(grant, MeasureGrant) or spent.get(grant):
            return False
        spent[grant] = True
        return True

    return claim_mint, is_minted, spend


def _read(grant: MeasureGrant) -> tuple[Any, ...]:
    return tuple(getattr(grant, name, None) for name in _FIELDS)


claim_mint, _is_minted, _spend = _open_mint()


def redeem(
    grant: object, *, action: Action, account: Callable[[], str], now: datetime
) -> MeasureGrant:
    """The first line of every guarded method of a channel: check the grant and spend it.

    Raises ChannelError, code "no_grant": the grant must be minted and unaltered, for this action on this
    account, not expired, and unspent. `account` says who we are on the channel; it may ask the channel, and
    is called only for a grant that is sound.
    """
    if not isinstance(grant, MeasureGrant) or not _is_minted(grant):
        raise _refusal("this grant was not issued by the guard")
    if grant.action is not action:
        raise _refusal(f"the grant allows {grant.action}, not {action}")
    if grant.expires_at <= now:
        raise _refusal("the grant has expired")
    if grant.account_external_id != account():
        raise _refusal("the grant is for another account")
    if not _spend(grant):
        raise _refusal("the grant was used already")
    return grant


def _refusal(why: str) -> ChannelError:
    return ChannelError(
        f"Nothing was done: {why}. Measures begin on the page of the case.",
        permanent=True,
        code="no_grant",
    )
