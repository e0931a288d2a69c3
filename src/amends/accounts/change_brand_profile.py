"""Changes how a brand speaks: a new version, never an edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import Brand, BrandProfile, User
from amends.accounts.permissions import may_edit_brand, may_read, refuse_unless
from amends.core.read_once import read_once
from amends.record.log import Subject, log_action

# The forms of address that a language has, the usual one first (domain.md 4; the codes are the linter's).
ADDRESSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tr": ("siz", "sen"),
        "id": ("kak", "anda", "kamu"),
        "ru": ("vy", "ty"),
        "nl": ("je", "u"),
    }
)
MOST_WORDS, LONGEST_WORD, LONGEST_VOICE = 200, 80, 2_000


class ProfileRefused(Exception):
    """The profile cannot be used so; `field` is where, the message is for the person."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVoice:
    """A profile as it is written or read."""

    voice: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    grave_address: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    second_languages: tuple[str, ...] = ()


@read_once
def brand_profile_in_force(brand: Brand) -> BrandProfile | None:
    return BrandProfile.objects.filter(brand=brand).order_by("-version").first()


def brand_profiles_visible_to(user: User, *, brand: Brand) -> list[BrandProfile]:
    """Every version, the newest first; none for a stranger."""
    if not may_read(user, brand.workspace):
        return []
    versions = BrandProfile.objects.filter(brand=brand).select_related("changed_by")
    return list(versions.order_by("-version"))


def change_brand_profile(
    brand: Brand, *, to: BrandVoice, seen_version: int, by: User, now: datetime
) -> BrandProfile:
    """Put a profile in force; `seen_version` is the one that its writer saw (0: none).

    Raises ProfileRefused for what cannot stand, and when somebody else saved meanwhile.
    """
    refuse_unless(may_edit_brand(by, brand.workspace), _("change how the brand speaks"))
    _check(to)
    current = brand_profile_in_force(brand)
    if (current.version if current else 0) != seen_version:
        raise ProfileRefused(_("Somebody else changed this profile meanwhile: look at it first."))
    try:
        with transaction.atomic():
            made = BrandProfile.objects.create(
                workspace_id=brand.workspace_id,
                brand=brand,
                version=seen_version + 1,
                changed_by=by,
                changed_at=now,
                **_stored(to),
            )
            log_action(
                "brand.profile",
                workspace_id=brand.workspace_id,
                actor=actor_of(by),
                subject=Subject("brand", brand.slug, brand.name),
                now=now,
                data={"version": made.version},
            )
    except IntegrityError:
        raise ProfileRefused(
            _("Somebody else changed this profile meanwhile: look at it first.")
        ) from None
    return made


def _stored(to: BrandVoice) -> dict[str, object]:
    values = asdict(to)
    return {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}


def _check(to: BrandVoice) -> None:
    if len(to.voice) > LONGEST_VOICE:
        raise ProfileRefused(
            _("At most %(count)d characters.") % {"count": LONGEST_VOICE}, field="voice"
        )
    for name in ("address", "grave_address"):
        for language, code in getattr(to, name).items():
            if code not in ADDRESSES.get(language, ()):
                raise ProfileRefused(
                    _("“%(code)s” is no form of address in this language.") % {"code": code},
                    field=f"{name}_{language}",
                )
    for name in ("signatures", "avoided"):
        words = getattr(to, name)
        if len(words) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in words):
            raise ProfileRefused(
                _("At most %(count)d entries of %(length)d characters each.")
                % {"count": MOST_WORDS, "length": LONGEST_WORD},
                field=name,
            )
