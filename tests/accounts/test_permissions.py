"""Roles and what they may do: the table of the handbook, word for word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from amends.accounts import permissions
from amends.accounts.models import Membership, User, Workspace

EVERYBODY = {"owner", "lead", "agent", "counsel", "viewer"}
WRITERS = {"owner", "lead", "agent"}
TABLE = {
    "may_read": EVERYBODY,
    "may_save_views": EVERYBODY,
    "may_share_views": {"owner", "lead"},
    "may_triage": WRITERS,
    "may_note": WRITERS | {"counsel"},
    "may_assign": WRITERS,
    "may_label": WRITERS,
    "may_manage_labels": {"owner", "lead"},
    "may_snooze": WRITERS,
    "may_use_macros": WRITERS,
    "may_share_macros": {"owner", "lead"},
    "may_edit_routing": {"owner", "lead"},
    "may_close": WRITERS,
    "may_merge": WRITERS,
    "may_link_authors": WRITERS,
    "may_draft": WRITERS,
    "may_approve": WRITERS | {"counsel"},
    "may_send": WRITERS,
    "may_delegate": {"owner", "lead"},
    "may_manage_channels": {"owner", "lead"},
    "may_manage_language_model": {"owner"},
    "may_export": {"owner", "lead", "counsel"},
    "may_import": {"owner", "lead"},
    "may_manage_people": {"owner", "lead"},
    "may_manage_webhooks": {"owner", "lead"},
    "may_edit_mentions": {"owner", "lead"},
    "may_edit_playbook": {"owner", "lead"},
    "may_override_decision": WRITERS,
    "may_edit_brand": {"owner", "lead"},
    "may_edit_hours": {"owner", "lead"},
    "may_edit_departments": {"owner", "lead"},
    "may_ask_department": WRITERS,
    "may_teach": {"owner", "lead"},
    "may_measure": {"owner", "lead", "agent"},
    "may_confirm_measure": {"owner", "lead", "agent", "counsel"},
    "may_decide_appeal": {"owner", "lead", "counsel"},
    "may_edit_policy": {"owner", "lead", "counsel"},
    "may_read_log": {"owner", "lead", "counsel"},
    "may_move_lane": WRITERS | {"counsel"},
    "may_leave_lane": {"owner", "lead", "counsel"},
    "may_hold_legally": {"owner", "lead", "counsel"},
    "may_answer_for_hold": {"owner", "counsel"},
    "may_erase": {"owner", "lead", "counsel"},
    "may_read_contacts": WRITERS | {"counsel"},
    "may_add_contact": WRITERS,
    "may_export_contacts": {"owner", "lead"},
    "may_set_retention": {"owner"},
}


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_each_role_may_what_the_table_says(
    verb: str, workspace: Workspace, make_member: Callable[..., User], stranger: User
) -> None:
    may = getattr(permissions, verb)
    allowed = {
        role
        for role in EVERYBODY
        if may(make_member(f"the-{role}", workspace=workspace, role=role), workspace)
    }
    assert allowed == TABLE[verb]
    assert not may(stranger, workspace)
    assert not may(AnonymousUser(), workspace)


def test_every_verb_stands_in_the_table() -> None:
    verbs = {name for name in vars(permissions) if name.startswith("may_")}
    assert verbs - set(TABLE) == {"may_grant", "may_see_lane"}


@pytest.mark.parametrize("lane", ["employee", "legal", "threat", "minor"])
def test_restricted_lanes_are_for_owner_lead_and_counsel(
    lane: str, workspace: Workspace, make_member: Callable[..., User], stranger: User
) -> None:
    seeing = {
        role
        for role in EVERYBODY
        if permissions.may_see_lane(
            make_member(f"the-{role}", workspace=workspace, role=role), workspace, lane
        )
    }
    assert seeing == {"owner", "lead", "counsel"}
    assert not permissions.may_see_lane(stranger, workspace, lane)


@pytest.mark.parametrize("lane", ["open", "employee", "legal", "threat", "minor"])
def test_the_roles_that_approve_in_a_lane_are_those_who_may_approve_and_see_it(
    lane: str, workspace: Workspace, make_member: Callable[..., User]
) -> None:
    people = {
        role: make_member(f"the-{role}", workspace=workspace, role=role) for role in EVERYBODY
    }
    able = {
        role
        for role, person in people.items()
        if permissions.may_approve(person, workspace)
        and permissions.may_see_lane(person, workspace, lane)
    }
    assert set(permissions.approving_roles(lane)) == able


def test_the_open_lane_is_for_members_only(
    workspace: Workspace, viewer: User, stranger: User
) -> None:
    assert permissions.may_see_lane(viewer, workspace, "open")
    assert not permissions.may_see_lane(stranger, workspace, "open")


def test_a_lead_neither_makes_nor_unmakes_owners(
    workspace: Workspace, owner: User, lead: User, agent: User
) -> None:
    assert permissions.may_grant(owner, workspace, "owner")
    assert permissions.may_grant(lead, workspace, "lead")
    assert not permissions.may_grant(lead, workspace, "owner")
    assert not permissions.may_grant(agent, workspace, "viewer")


def test_off_boarding_and_a_closed_account_count_at_once(
    workspace: Workspace, owner: User, agent: User
) -> None:
    Membership.objects.filter(user=agent).update(is_active=False)
    assert not permissions.may_read(agent, workspace)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert not permissions.may_read(owner, workspace)


def test_a_refusal_says_what_was_refused() -> None:
    permissions.refuse_unless(True, "assign cases")
    with pytest.raises(permissions.NotAllowed, match="not allowed to assign cases"):
        permissions.refuse_unless(False, "assign cases")
