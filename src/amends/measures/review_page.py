"""Says of a channel account that it shows reviews of an own shop, which the law of its country protects."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from amends.accounts.actors import actor_of
from amends.accounts.models import User
from amends.accounts.permissions import may_manage_channels, refuse_unless
from amends.inbox.models import ChannelAccount
from amends.measures.models import ReviewPage
from amends.record.log import Subject, log_action

PROTECTED = frozenset({"TR"})  # domain.md 2.3: Ads Regulation 28/B


def mark_review_page(account: ChannelAccount, *, country: str, by: User, now: datetime) -> None:
    """Lock deletion of reviews there, or, with an empty country, lift the lock; either is logged."""
    refuse_unless(may_manage_channels(by, account.workspace), _("change channels"))
    with transaction.atomic():
        if country in PROTECTED:
            ReviewPage.objects.update_or_create(
                account=account, defaults={"country": country, "set_by": by, "set_at": now}
            )
        else:
            ReviewPage.objects.filter(account=account).delete()
        log_action(
            "channel.reviews",
            workspace_id=account.workspace_id,
            actor=actor_of(by),
            subject=Subject("channel", str(account.pk), account.label),
            now=now,
            data={"country": country if country in PROTECTED else ""},
        )
