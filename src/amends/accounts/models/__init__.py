"""Tables of people, tenants, their versioned texts and their notifications."""

from amends.accounts.models.brand_profile import BrandProfile
from amends.accounts.models.notices import Notification, NotificationKind
from amends.accounts.models.people import (
    Brand,
    Invitation,
    Membership,
    Role,
    SetupLink,
    User,
    UserManager,
    Workspace,
    new_sign_in_key,
)
from amends.accounts.models.texts import TextDraft, TextKind, TextVersion

__all__ = [
    "Brand",
    "BrandProfile",
    "Invitation",
    "Membership",
    "Notification",
    "NotificationKind",
    "Role",
    "SetupLink",
    "TextDraft",
    "TextKind",
    "TextVersion",
    "User",
    "UserManager",
    "Workspace",
    "new_sign_in_key",
]
