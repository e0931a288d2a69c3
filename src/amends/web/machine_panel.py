"""What the editor shows of the language model: whether it may be asked, that it writes, what it wrote."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amends.accounts.change_language_model import language_model_of
from amends.cases.models import DepartmentTask, Lane
from amends.replies.draft_by_machine import last_wish, machine_text_of
from amends.replies.models import MachineDraft, MachineDraftStatus, Reply, ReplyStatus


@dataclass(frozen=True, slots=True)
class MachinePanel:
    """`facts` are what departments answered, to begin the list of what may be said."""

    may_ask: bool
    model: str
    host: str
    facts: tuple[str, ...]
    wish: MachineDraft | None
    waits: bool
    is_unread: bool
    problem: str


def read_machine_panel(reply: Reply) -> MachinePanel | None:
    """The panel of an open reply; None where no model is switched on and none ever wrote here."""
    access = language_model_of(reply.workspace)
    wish = last_wish(reply)
    is_on = access is not None and access.is_on
    if not is_on and wish is None:
        return None
    waits = wish is not None and wish.status == MachineDraftStatus.WAITING
    is_empty = reply.status == ReplyStatus.DRAFT and not reply.text.strip()
    may_ask = (
        is_on and is_empty and not waits and not reply.is_private and reply.case.lane == Lane.OPEN
    )
    return MachinePanel(
        may_ask=may_ask,
        model=access.model if access else "",
        host=access.host if access else "",
        facts=_answers(reply) if may_ask else (),
        wish=wish,
        waits=waits,
        is_unread=machine_text_of(reply) is not None,
        problem=_say_problem(wish) if wish is not None and is_empty else "",
    )


def _answers(reply: Reply) -> tuple[str, ...]:
    tasks = DepartmentTask.objects.filter(case=reply.case_id).exclude(answer="").order_by("pk")
    return tuple(" ".join(one.split()) for one in tasks.values_list("answer", flat=True)[:5])


def _say_problem(wish: MachineDraft) -> str:
    """Why there is no draft, in words; empty where there is one or it is still waited for."""
    if wish.status == MachineDraftStatus.REFUSED:
        return {
            "link": _(
                "The language model wrote a link that nobody gave it. Its text was not used."
            ),
            "contact": _(
                "The language model wrote an address or a number that nobody gave it. "
                "Its text was not used."
            ),
            "money": _(
                "The language model wrote a sum that nobody gave it. Its text was not used."
            ),
        }.get(
            wish.problem, _("The language model wrote of its instructions. Its text was not used.")
        )
    if wish.status != MachineDraftStatus.FAILED:
        return ""
    return {
        "credentials": _(
            "The language model does not accept the key. Tell the owner of this desk."
        ),
        "not_found": _("There is no language model at that address. Tell the owner of this desk."),
        "refused": _("The language model refused the request, or may not be contacted from here."),
        "rate_limited": _("The language model is busy: ask again in a minute."),
        "switched_off": _("The language model was switched off."),
        "bad_answer": _("The language model answered something unusable. Ask again, or write."),
    }.get(wish.problem, _("The language model did not answer. Ask again, or write."))
