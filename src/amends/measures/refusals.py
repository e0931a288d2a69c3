"""What the guard's codes mean, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from amends.cases.transitions import NotPossible

REFUSALS = MappingProxyType(
    {
        "no_words_captured": _("There are no captured words to act upon."),
        "no_policy": _(
            "No policy was public when this was posted: nothing can be held against it."
        ),
        "no_clause": _("Name a clause of the policy that was public when this was posted."),
        "criticism": _("Criticism is never a ground, however it is put."),
        "not_announced": _("The clause does not say in public that this may follow."),
        "longer_than_announced": _("The clause says in public that a ban is shorter."),
        "no_words": _("Mark the words that break the clause."),
        "words_not_there": _("The marked words do not stand there in the comment."),
        "no_evidence": _("The words were erased: without evidence nothing is done."),
        "evidence_altered": _("The captured words do not match their digest: nothing is done."),
        "review_locked": _(
            "This is a review on a shop of ours: the law keeps good and bad ones alike."
        ),
        "triage_first": _("Confirm the triage first: is there a complaint beside these words?"),
        "mixed_post_stays": _(
            "There is a complaint in it: answer the complaint, warn about the insult; the post stays."
        ),
        "needs_an_end": _("A ban for a time needs its end."),
        "has_no_end": _("Only a ban for a time has an end."),
        "warn_first": _("Warn first: for this clause the author must have had one warning."),
        "rung_skipped": _("Say why the lower steps are passed over."),
        "own_comment": _("This is our own comment: take it back instead."),
        "channel_cannot": _("This channel offers no such thing."),
        "already_done": _("That was done already, or waits for a second person."),
        "gone_already": _("The comment is gone from its channel already."),
        "level_not_met": _("The second person that this needs has not agreed."),
        "not_in_the_log": _("This measure was not asked for in the ordinary way."),
        "person_left": _("Who asked or agreed may no longer do so."),
        "comment_changed": _("The comment changed since: look at it again."),
    }
)


class Refused(NotPossible):
    """The guard refuses; `codes` say why, the message says it to a person."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(" ".join(str(REFUSALS[code]) for code in self.codes))
