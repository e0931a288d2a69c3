"""Brings a department its question by mail: a link that answers once, and nothing about the author (K15).

    ready ──▶ sent | failed | dropped

The mail itself says only that there is a question; the question stands behind the link, and neither name nor
words of the author stand there. Nothing of a restricted case is ever mailed. Opening the link changes
nothing, since mail programs open links by themselves; answering uses it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amends.accounts.tokens import hash_token, new_token
from amends.cases.models import TASKS_WAITING, DepartmentTask, Lane, MailStatus, TaskMail
from amends.core.clock import Clock
from amends.work.claim import MAX_ATTEMPTS, Claim, LeaseLost, back_off, finish, try_again

MAIL = "mail_department"
LINK_FOR = timedelta(days=14)
LAST_STAGE = 2  # once a task is with the leads, people speak with each other


def queue_mail(task: DepartmentTask, *, now: datetime) -> TaskMail | None:
    """Let it be mailed, once a stage of the task; in the caller's transaction. None: nothing is mailed."""
    if not task.department.email or task.case.lane != Lane.OPEN or task.chased > LAST_STAGE:
        return None
    mail, _is_new = TaskMail.objects.get_or_create(
        task=task,
        stage=task.chased,
        defaults={
            "workspace_id": task.workspace_id,
            "address": task.department.email,
            "language": language_of(task),
            "made_at": now,
            "expires_at": now + LINK_FOR,
            "next_step": MAIL,
            "due_at": now,
        },
    )
    return mail


def language_of(task: DepartmentTask) -> str:
    """That of the department, else the first of the brand that the desk speaks, else English."""
    offered = {code for code, _name in settings.LANGUAGES}
    spoken = [code.strip() for code in task.case.brand.languages.split(",")]
    wanted = (task.department.language, *spoken)
    return next((code for code in wanted if code in offered), "en")


def mail_department(claim: Claim[TaskMail], *, clock: Clock) -> None:
    """The step: write the mail with a fresh link and hand it to the mail server."""
    mail, now = claim.row, clock.now()
    if not is_wanted(mail, now=now):
        _end(claim, status=MailStatus.DROPPED, now=now)
        return
    token = new_token()
    with transaction.atomic():
        # Before the call: a link that was read must be good. A second try makes a new one.
        rows = TaskMail.objects.filter(pk=mail.pk, lease_token=claim.token)
        if not rows.update(token_hash=hash_token(token)):
            raise LeaseLost(f"{mail} was taken over")
    try:
        write_mail(mail, token=token).send()
    except SMTPRecipientsRefused as error:
        _end(claim, status=MailStatus.FAILED, now=now, error=str(error))
    except (SMTPException, OSError) as error:
        if mail.attempts >= MAX_ATTEMPTS:
            _end(claim, status=MailStatus.FAILED, now=now, error=str(error))
        else:
            pause = back_off(mail.attempts, base=timedelta(seconds=30))
            try_again(claim, until=now + pause, error=str(error))
    else:
        _end(claim, status=MailStatus.SENT, now=clock.now())


def write_mail(mail: TaskMail, *, token: str) -> EmailMessage:
    """The mail in its language: who asks, until when, the link."""
    task = mail.task
    zone = task.case.brand.time_zone
    with translation.override(mail.language), timezone.override(zone):
        facts = {
            "brand": task.case.brand,
            "department": task.department,
            "case": task.case.public_id,
            "by": f"{timezone.localtime(task.answer_by):%Y-%m-%d %H:%M} ({zone})",
            "until": f"{timezone.localtime(mail.expires_at):%Y-%m-%d %H:%M}",
            "link": f"{settings.BASE_URL}/answer/{token}/",
        }
        subject = _("%(brand)s has a question for %(department)s (%(case)s)")
        reminder = _("Reminder: %(brand)s waits for %(department)s (%(case)s)")
        body = _(
            "Hello,\n\n"
            "%(brand)s needs an answer from %(department)s, to help a customer. It is wanted by %(by)s.\n\n"
            "Open this link to read the question and to answer it; no account is needed:\n"
            "%(link)s\n\n"
            "The link takes one answer and works until %(until)s. Pass it on only within your department.\n"
        )
        return EmailMessage(
            subject=(reminder if mail.stage else subject) % facts,
            body=body % facts,
            to=[mail.address],
        )


def is_wanted(mail: TaskMail, *, now: datetime) -> bool:
    """Whether the task still waits, in a case that may be spoken of outside."""
    task = DepartmentTask.objects.select_related("case").get(pk=mail.task_id)
    is_asked = task.state in TASKS_WAITING and task.case.is_open
    return is_asked and task.case.lane == Lane.OPEN and now < mail.expires_at


def mail_of(token: str) -> TaskMail | None:
    """The mail whose link this is, good or not."""
    return (
        TaskMail.objects.filter(token_hash=hash_token(token))
        .select_related("task__case__brand", "task__case__workspace", "task__department")
        .first()
    )


def is_open_for_link(mail: TaskMail, *, now: datetime) -> bool:
    """Whether its link still takes an answer."""
    return is_wanted(mail, now=now) and mail.task.department.ended_at is None


def _end(claim: Claim[TaskMail], *, status: MailStatus, now: datetime, error: str = "") -> None:
    sent_at = now if status == MailStatus.SENT else None
    with transaction.atomic():
        TaskMail.objects.filter(pk=claim.row.pk, lease_token=claim.token).update(
            status=status, sent_at=sent_at
        )
        finish(claim)
        if error:
            TaskMail.objects.filter(pk=claim.row.pk).update(last_error=error[:2000])
