"""Tables of the private conversation: its one-time link, what is said there, the public closing note."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Workspace
from amends.cases.models import Case
from amends.inbox.models import Author, ChannelAccount
from amends.record.append_only import AppendOnly
from amends.record.models import Content
from amends.replies.models.reply import Reply

PERSON = settings.AUTH_USER_MODEL


class Way(models.TextChoices):
    """How a word in private came, or how it goes."""

    PAGE = "page", _("on the private page")
    MAIL = "mail", _("by e-mail")


class HandOver(models.Model):
    """A private conversation about a case, and the one-time link that leads into it (K17, S1.24).

    The link stands in a public reply, so the first message uses it up and gives its writer an address of
    their own (`visitor_hash`): nobody who reads the reply later reads the conversation. Of both only hashes
    are kept. `expires_at` is the end of the link, and after its use that of the personal address.

    `author` is whose talk it is, over a merge too; None where it was begun before that was noted. A link
    stands in the reply that `offered_in` names: another one in the same draft takes its place, one in another
    reply does not. None: it was given in another way.

    `reach` holds the mail address of the author, where there is one, apart so that it can be erased;
    `mail_token` stands in the address that answers go to.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    author = models.ForeignKey(Author, null=True, on_delete=models.PROTECT, related_name="+")
    offered_in = models.ForeignKey(Reply, null=True, on_delete=models.PROTECT, related_name="links")
    language = models.CharField(max_length=16, default="en")
    token_hash = models.CharField(max_length=64, blank=True, default="")
    visitor_hash = models.CharField(max_length=64, blank=True, default="")
    mail_token = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(
        ChannelAccount, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reach = models.ForeignKey(Content, null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # its words were erased

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offered_in"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_unused_link_a_reply",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~models.Q(token_hash=""), name="link_once"
            ),
            models.UniqueConstraint(
                fields=["visitor_hash"],
                condition=~models.Q(visitor_hash=""),
                name="personal_address_once",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="a_used_link_is_not_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    @property
    def way(self) -> Way:
        return Way.MAIL if self.account_id else Way.PAGE

    @property
    def address(self) -> str:
        """Where mail goes to; empty without one, or once it was erased."""
        return self.reach.text if self.reach else ""


class MessageKind(models.TextChoices):
    """What a message is; only a word asks for an answer."""

    WORD = "word", _("Word")
    AUTOMATIC = "automatic", _("Automatic answer")
    BOUNCE = "bounce", _("Could not be delivered")


class PrivateMessage(AppendOnly):
    """A word in private, from the author or from us; its text lies in a Content and can be erased.

    What came with it by mail (subject, sender, quoted text, names of attachments) stands in the payload of
    that Content. `message_id` is that of a mail, without its angle brackets.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="private_messages")
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="messages")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=MessageKind.choices, default=MessageKind.WORD)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.PAGE)
    message_id = models.CharField(max_length=300, blank=True, default="")
    reply = models.OneToOneField(
        Reply, null=True, on_delete=models.PROTECT, related_name="private_message"
    )  # None: the author
    written_by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the author
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "private message"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "message_id"],
                condition=~models.Q(message_id=""),
                name="private_mail_once",
            )
        ]
        indexes = [models.Index(fields=["case", "written_at"])]

    def __str__(self) -> str:
        return f"private message {self.pk}"

    @property
    def is_ours(self) -> bool:
        return self.written_by_id is not None


class ConsentWay(models.TextChoices):
    """How the author said whether the public may be told."""

    PAGE = "page", _("they said so on the private page")
    MAIL = "mail", _("they wrote so by e-mail")
    PHONE = "phone", _("they said so on the phone")
    OTHER = "other", _("in another way")


class ClosingConsent(AppendOnly):
    """Whether the author agrees that the public is told "solved in private"; the last word counts.

    For the conversation that it names, since a case may hold those of several customers. None where it was
    noted before that was asked.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closing_consents")
    hand_over = models.ForeignKey(
        HandOver, null=True, on_delete=models.PROTECT, related_name="closing_consents"
    )
    is_given = models.BooleanField()
    how = models.CharField(max_length=8, choices=ConsentWay.choices)
    noted_by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the author themselves, on their page
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "closing consent"

    def __str__(self) -> str:
        return f"closing consent {self.pk}"


class ClosingNote(AppendOnly):
    """That the public was told how a private conversation ended, by which reply; or why it is not told.

    A reason may stand for all conversations of the case; `hand_over` is None then.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closing_notes")
    hand_over = models.ForeignKey(
        HandOver, null=True, on_delete=models.PROTECT, related_name="closing_notes"
    )
    reply = models.ForeignKey(Reply, null=True, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(
        ClosingConsent, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True, default="")
    noted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "closing note"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reply__isnull=False, consent__isnull=False)
                | ~models.Q(reason=""),
                name="closing_note_or_reason",
            )
        ]

    def __str__(self) -> str:
        return f"closing note {self.pk}"
