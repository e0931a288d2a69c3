"""People, posts with every revision, and the numbered events that a listener reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amends.sandbox.ids import make_person_id, make_post_id

MAX_TEXT_CHARS = 1000


class Colour(models.TextChoices):
    """Colours of avatars; each is a class of the style sheet (no inline style)."""

    CLAY = "clay"
    MOSS = "moss"
    PLUM = "plum"
    ROSE = "rose"
    RUST = "rust"
    SAND = "sand"
    SEA = "sea"
    SLATE = "slate"


class DeletedBy(models.TextChoices):
    """Who took a post away; "us" is a brand account that took back a post of its own."""

    AUTHOR = "author", _("its author")
    PLATFORM = "platform", _("the network")
    US = "us", _("the brand")


class EventType(models.TextChoices):
    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"


class Person(models.Model):
    """A persona that one plays, or a brand account whose token lets a program post."""

    id = models.CharField(primary_key=True, max_length=16, default=make_person_id, editable=False)
    handle = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    bio = models.CharField(max_length=300, blank=True)
    followers = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=12)
    colour = models.CharField(max_length=8, choices=Colour.choices, default=Colour.SLATE)
    is_brand = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return "".join(word[0] for word in self.name.split()[:2] if word).upper()


class Post(models.Model):
    """A post or comment as it stands now; a deleted one keeps its row and is shown no more."""

    id = models.CharField(primary_key=True, max_length=16, default=make_post_id, editable=False)
    author = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    root = models.ForeignKey("self", models.PROTECT, related_name="thread")  # itself for a root
    text = models.TextField()
    lang = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    deleted_by = models.CharField(max_length=8, choices=DeletedBy.choices, blank=True)
    # The brand that removed somebody else's post from a thread of its own, or hid it there.
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    hidden_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    attachments = models.JSONField(default=list)  # [{"kind", "url", "alt"}]
    idempotency_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001

    class Meta:
        indexes = [models.Index(fields=["root", "created_at"], name="sandbox_thread")]
        constraints = [
            models.CheckConstraint(
                name="sandbox_deleted_says_by_whom",
                condition=models.Q(deleted_at__isnull=True, deleted_by="")
                | models.Q(deleted_at__isnull=False, deleted_by__in=DeletedBy.values),
            )
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_root(self) -> bool:
        return self.root_id == self.id

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None


class PostRevision(models.Model):
    """A text that a post had; the first is revision 1."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "revision"], name="sandbox_one_text_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id} v{self.revision}"


class Event(models.Model):
    """Something that happened to a post; `sequence` grows without gaps in the order of commits."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    type = models.CharField(max_length=8, choices=EventType.choices)
    post = models.ForeignKey(Post, models.CASCADE, related_name="events")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type} {self.post_id}"


class EventCounter(models.Model):
    """The one row that hands out sequence numbers.

    Its row lock is held until commit, so numbers become visible in order: a listener that has read
    number n never finds a smaller one later. A plain auto-increment would not promise that.
    """

    value = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)


class ThreadConcern(models.Model):
    """That a thread concerns a brand account: it wrote in it, or was mentioned by its handle."""

    root = models.ForeignKey(Post, models.CASCADE, related_name="concerns")
    person = models.ForeignKey(Person, models.CASCADE, related_name="concerns")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["root", "person"], name="sandbox_one_concern")
        ]

    def __str__(self) -> str:
        return f"{self.root_id} concerns {self.person_id}"


class MeasureAct(models.TextChoices):
    """What a brand may do about others on this network."""

    HIDE = "hide"
    DELETE_OTHERS = "delete_others"
    BLOCK = "block"
    REPORT = "report"
    BAN = "ban"


class Moderation(models.Model):
    """Something that a brand did about a post or a person; `key` makes doing it twice one thing.

    A ban with `until` ends there by itself as far as the network is concerned.
    """

    key = models.CharField(max_length=64, unique=True)
    act = models.CharField(max_length=16, choices=MeasureAct.choices)
    brand = models.ForeignKey(Person, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="moderations")
    post = models.ForeignKey(Post, models.CASCADE, related_name="moderations")
    ground = models.CharField(max_length=32, blank=True)
    until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                name="sandbox_act_known", condition=models.Q(act__in=MeasureAct.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} of @{self.person.handle} by @{self.brand.handle}"


class ScriptedItem(models.Model):
    """One item of the living stream: a post, an answer, an edit or a deletion that is to come."""

    class Act(models.TextChoices):
        POST = "post"
        EDIT = "edit"
        DELETE = "delete"

    position = models.PositiveIntegerField(unique=True)
    act = models.CharField(max_length=6, choices=Act.choices)
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    parent = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    target = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    text = models.TextField(blank=True)  # with {one|other} alternatives, see `stream.vary_text`
    lang = models.CharField(max_length=12)
    latest = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.act}"


class StreamState(models.Model):
    """Where the living stream stands: which time round, and which item comes next."""

    turn = models.PositiveIntegerField(default=0)
    next_position = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"turn {self.turn}, item {self.next_position}"
