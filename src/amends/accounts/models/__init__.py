"""Tables of people, tenants, their versioned texts and their notifications."""

from amends.accounts.models.authority import Act, Authority, Deputy
from amends.accounts.models.brand_profile import BrandProfile
from amends.accounts.models.hours import BusinessHours
from amends.accounts.models.language_model import LanguageModelAccess
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
from amends.accounts.models.reach import (
    NoticeAddress,
    NoticeDelivery,
    NoticeDeliveryStatus,
    NoticeHours,
    NoticePreference,
)
from amends.accounts.models.texts import TextDraft, TextKind, TextVersion
from amends.accounts.models.tokens import ApiScope, ApiToken, IdempotencyKey
from amends.accounts.models.work_profile import WorkProfile

__all__ = [
    "Act",
    "ApiScope",
    "ApiToken",
    "Authority",
    "Brand",
    "BrandProfile",
    "BusinessHours",
    "Deputy",
    "IdempotencyKey",
    "Invitation",
    "LanguageModelAccess",
    "Membership",
    "NoticeAddress",
    "NoticeDelivery",
    "NoticeDeliveryStatus",
    "NoticeHours",
    "NoticePreference",
    "Notification",
    "NotificationKind",
    "Role",
    "SetupLink",
    "TextDraft",
    "TextKind",
    "TextVersion",
    "User",
    "UserManager",
    "WorkProfile",
    "Workspace",
    "new_sign_in_key",
]
