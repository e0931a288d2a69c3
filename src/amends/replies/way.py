"""Where a reply goes: to its channel, to a private page of ours, or by mail; what it may be there."""

from __future__ import annotations

from django.conf import settings

from amends.connectors.kit.manifest import Action, Capability, Manifest, Mode
from amends.core.text import gettext_noop
from amends.inbox.channels import manifest_of
from amends.replies.models import Reply

PAGE = Manifest(
    kind="private",
    label=gettext_noop("Private page"),
    summary=gettext_noop("A page of the desk that only the author of a case can open."),
    icon="manual",
    capabilities={Action.REPLY: Capability(Mode.API, source="docs/hand-over.md", idempotent=True)},
    public=False,
)


LINK_PATH = "/private/"


def link_prefix() -> str:
    """What every link into a private conversation begins with: the linter takes it for a safe way."""
    return f"{settings.BASE_URL}{LINK_PATH}"


def is_on_page(reply: Reply) -> bool:
    """Whether it is read on the private page: no channel carries it."""
    hand_over = reply.hand_over
    return hand_over is not None and hand_over.account_id != reply.account_id


def way_of(reply: Reply) -> Manifest:
    """The manifest of the way that a reply takes."""
    return PAGE if is_on_page(reply) else manifest_of(reply.account)
