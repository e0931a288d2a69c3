"""The contact base (K18): who may be reached, for what, on which ground, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.accounts.models import Brand, Workspace
from amends.cases.models import Case
from amends.record.models import Content

PERSON = settings.AUTH_USER_MODEL


class ContactPurpose(models.TextChoices):
    """What somebody is written to for; a contact that is there for a complaint is there for nothing else."""

    COMPLAINT = "complaint", _("Their complaint")
    SERVICE = "service", _("Service: recalls, answers that they asked for")
    MARKETING = "marketing", _("Marketing: offers and news")


class ContactBasis(models.TextChoices):
    """The legal basis of keeping it (GDPR art. 6, KVKK art. 5)."""

    CONSENT = "consent", _("They agreed")
    CONTRACT = "contract", _("A contract with them")
    LEGAL = "legal", _("A duty by law")
    INTEREST = "interest", _("Our legitimate interest")


class ContactSource(models.TextChoices):
    """Where it came from."""

    PRIVATE = "private", _("A private conversation")
    MAIL = "mail", _("An e-mail")
    PHONE = "phone", _("A phone call")
    SHOP = "shop", _("An order")
    OTHER = "other", _("Something else")


class Contact(models.Model):
    """A person who may be reached for a purpose, until a day (K18).

    Name and address lie in a Content, so that erasure leaves digest and time alone; `details` is its
    payload. For marketing the basis is consent: when, how, and to which text.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="contacts"
    )  # it is seen by those who may see the case
    details = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=ContactPurpose.choices)
    basis = models.CharField(max_length=12, choices=ContactBasis.choices)
    source = models.CharField(max_length=12, choices=ContactSource.choices)
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_how = models.CharField(max_length=200, blank=True, default="")
    consent_text = models.CharField(max_length=60, blank=True, default="")  # version of the words
    expires_on = models.DateField()
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose=ContactPurpose.MARKETING)
                | models.Q(basis=ContactBasis.CONSENT),
                name="marketing_rests_on_consent",
            ),
            models.CheckConstraint(
                condition=~models.Q(basis=ContactBasis.CONSENT)
                | (
                    models.Q(consent_at__isnull=False)
                    & ~models.Q(consent_how="")
                    & ~models.Q(consent_text="")
                ),
                name="consent_says_when_and_how",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "erased_at", "-added_at"], name="contacts_kept"),
            models.Index(fields=["expires_on"], name="contacts_expire"),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
