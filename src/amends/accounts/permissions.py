"""Who may do what: one small function for each verb; roles live in code, not in the database.

Verbs check these themselves (pages check them too, to show no button that would be refused).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from amends.accounts.models import Membership, Role, User, Workspace

RESTRICTED_LANES = frozenset({"employee", "legal", "threat", "minor"})

_EVERYBODY = frozenset(Role)
_WRITERS = frozenset({Role.OWNER, Role.LEAD, Role.AGENT})
_LEADERS = frozenset({Role.OWNER, Role.LEAD})
_CONFIDANTS = frozenset({Role.OWNER, Role.LEAD, Role.COUNSEL})


class NotAllowed(Exception):
    """The person's role does not cover this; the message is for them."""


def refuse_unless(allowed: bool, what: str) -> None:  # noqa: FBT001 - the call reads as a sentence
    """Raise NotAllowed with a sentence that names `what`, a translated infinitive."""
    if not allowed:
        raise NotAllowed(_("You are not allowed to %(what)s here.") % {"what": what})


_remembered: ContextVar[dict[tuple[int, int], Role | None] | None] = ContextVar(
    "remembered roles", default=None
)


@contextmanager
def remember_roles() -> Iterator[None]:
    """Ask for each role once inside the block: a page checks dozens of permissions.

    Only for the length of one request. Workers, which live long, never remember: off-boarding counts at
    once there. Verbs that change a membership call `forget_roles`.
    """
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def forget_roles() -> None:
    """Ask anew from here on."""
    if _remembered.get() is not None:
        _remembered.set({})


def role_of(user: User | AnonymousUser, workspace: Workspace) -> Role | None:
    """The role of an active member, or None."""
    if user.pk is None:
        return None
    memory = _remembered.get()
    if memory is None:
        return _ask_role(user.pk, workspace.pk)
    key = (user.pk, workspace.pk)
    if key not in memory:
        memory[key] = _ask_role(*key)
    return memory[key]


def _ask_role(user_id: int, workspace_id: int) -> Role | None:
    role = (
        Membership.objects.filter(
            user_id=user_id, workspace_id=workspace_id, is_active=True, user__is_active=True
        )
        .values_list("role", flat=True)
        .first()
    )
    return Role(role) if role else None


def may_read(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _EVERYBODY


def may_save_views(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Keep lists of one's own under a name."""
    return role_of(user, workspace) in _EVERYBODY


def may_share_views(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Put a list into everybody's inbox, change those that are there."""
    return role_of(user, workspace) in _LEADERS


def may_triage(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS


def may_note(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS | _CONFIDANTS


def may_assign(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS


def may_label(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Put labels on cases and take them off; new ones are made by `may_manage_labels`."""
    return role_of(user, workspace) in _WRITERS


def may_manage_labels(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Make, rename, recolour, retire and merge labels."""
    return role_of(user, workspace) in _LEADERS


def may_snooze(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Take a case out of the working views for a while, and bring it back."""
    return role_of(user, workspace) in _WRITERS


def may_use_macros(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Run macros and make own ones; each step asks for its own permission besides."""
    return role_of(user, workspace) in _WRITERS


def may_share_macros(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Make macros that everybody sees."""
    return role_of(user, workspace) in _LEADERS


def may_edit_routing(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say who gets which new cases, and which skills and hours colleagues have."""
    return role_of(user, workspace) in _LEADERS


def may_close(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS


def may_merge(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Merge and split cases and move comments between them; both cases must be theirs to see."""
    return role_of(user, workspace) in _WRITERS


def may_link_authors(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say that authors on different channels are one person, or take that back."""
    return role_of(user, workspace) in _WRITERS


def may_draft(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS


def may_approve(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS | _CONFIDANTS


def approving_roles(lane: str) -> frozenset[Role]:
    """The roles that may approve and see what lies in a lane: for asking after many persons at once."""
    able = _WRITERS | _CONFIDANTS
    return able & _CONFIDANTS if lane in RESTRICTED_LANES else able


def may_send(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _WRITERS


def may_delegate(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Read the authority matrix, grant and end authority, appoint deputies."""
    return role_of(user, workspace) in _LEADERS


def may_measure(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Ask for a measure against a comment or its author; the guard and a second person decide."""
    return role_of(user, workspace) in _WRITERS


def may_confirm_measure(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Be the second person of a measure; some levels ask for a lead or counsel besides."""
    return role_of(user, workspace) in _WRITERS | _CONFIDANTS


def may_decide_appeal(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Decide about an appeal; that one was not involved is checked there."""
    return role_of(user, workspace) in _CONFIDANTS


def may_manage_channels(user: User | AnonymousUser, workspace: Workspace) -> bool:
    return role_of(user, workspace) in _LEADERS


def may_manage_language_model(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Only who answers for the workspace lets words leave the machine."""
    return role_of(user, workspace) == Role.OWNER


def may_import(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Bring in a file of comments, see what became of it, take its errors back home."""
    return role_of(user, workspace) in _LEADERS


def may_export(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Take a list of cases away as a spreadsheet; what of it, says `cases_visible_to`."""
    return role_of(user, workspace) in _CONFIDANTS


def may_manage_webhooks(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say to which address outside what happens here is told; it sees what its person may see."""
    return role_of(user, workspace) in _LEADERS


def may_edit_mentions(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say what counts as a mention of a brand; everybody may read and try it."""
    return role_of(user, workspace) in _LEADERS


def may_edit_playbook(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Draft, try and publish the rules by which cases are decided; everybody may read them."""
    return role_of(user, workspace) in _LEADERS


def may_override_decision(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Depart from a recommendation with a reason; asking for less approval is for `may_edit_playbook`."""
    return role_of(user, workspace) in _WRITERS


def may_edit_brand(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say how the brand speaks: form of address, voice, signatures, words that it avoids."""
    return role_of(user, workspace) in _LEADERS


def may_edit_hours(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say when a brand works; everybody may read it."""
    return role_of(user, workspace) in _LEADERS


def may_edit_departments(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say which departments there are and who is in them."""
    return role_of(user, workspace) in _LEADERS


def may_ask_department(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Give a department a task about a case, and take it back."""
    return role_of(user, workspace) in _WRITERS


def may_manage_people(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Invite, change roles, off-board; which roles exactly says `may_grant`."""
    return role_of(user, workspace) in _LEADERS


def may_grant(user: User | AnonymousUser, workspace: Workspace, role: str) -> bool:
    """Give somebody the role or take it away: a lead neither makes nor unmakes owners."""
    own = role_of(user, workspace)
    return own == Role.OWNER or (own == Role.LEAD and role != Role.OWNER)


def may_teach(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Train the engine on corrections, promote a candidate, go back, pause re-assessment."""
    return role_of(user, workspace) in _LEADERS


def may_edit_policy(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Draft and publish the comment policy of a brand; counsel words what holds in public."""
    return role_of(user, workspace) in _CONFIDANTS


def may_read_log(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """The log names cases of every lane, so only those who see every lane read it."""
    return role_of(user, workspace) in _CONFIDANTS


def may_move_lane(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Put a case into a restricted lane: whoever works here may hide too much, never too little."""
    return role_of(user, workspace) in _WRITERS | _CONFIDANTS


def may_leave_lane(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Take a case out of a restricted lane, with a reason."""
    return role_of(user, workspace) in _CONFIDANTS


def may_hold_legally(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Place and lift a legal hold, and read its reason."""
    return role_of(user, workspace) in _CONFIDANTS


def may_answer_for_hold(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Be named as the counsel of a legal hold."""
    return role_of(user, workspace) in {Role.OWNER, Role.COUNSEL}


def may_erase(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Have the words of a comment erased, as the law lets an author ask for."""
    return role_of(user, workspace) in _CONFIDANTS


def may_read_contacts(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """See whom we may reach and why; of a restricted case only who may see it."""
    return role_of(user, workspace) in _WRITERS | _CONFIDANTS


def may_add_contact(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Keep how somebody may be reached, with purpose, basis and end."""
    return role_of(user, workspace) in _WRITERS


def may_export_contacts(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Take addresses out of the desk."""
    return role_of(user, workspace) in _LEADERS


def may_set_retention(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Say after how long the words of closed cases are erased."""
    return role_of(user, workspace) == Role.OWNER


def may_see_lane(user: User | AnonymousUser, workspace: Workspace, lane: str) -> bool:
    role = role_of(user, workspace)
    return role in _CONFIDANTS or (role is not None and lane not in RESTRICTED_LANES)
