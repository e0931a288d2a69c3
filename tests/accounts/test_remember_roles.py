"""Roles are asked once for each request, and never longer than that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from amends.accounts.models import Membership, User, Workspace
from amends.accounts.permissions import forget_roles, may_draft, may_read, remember_roles

pytestmark = pytest.mark.django_db


def test_a_role_is_asked_once_inside_the_block(
    agent: User, workspace: Workspace, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with remember_roles(), django_assert_num_queries(1):
        assert may_read(agent, workspace)
        assert may_draft(agent, workspace)


def test_outside_of_the_block_an_ended_membership_counts_at_once(
    agent: User, workspace: Workspace
) -> None:
    with remember_roles():
        assert may_draft(agent, workspace)
    Membership.objects.filter(user=agent).update(is_active=False)
    assert not may_draft(agent, workspace)


def test_what_was_forgotten_is_asked_anew(agent: User, workspace: Workspace) -> None:
    with remember_roles():
        assert may_draft(agent, workspace)
        Membership.objects.filter(user=agent).update(role="viewer")
        forget_roles()
        assert not may_draft(agent, workspace)
