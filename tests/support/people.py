"""A workspace and the people around it: members of every role, and one of another workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from amends.accounts.models import Brand, Membership, User, Workspace

PASSWORD = "tulip-harbour-42"


@pytest.fixture
def make_workspace(db: None, now: datetime) -> Callable[[str], Workspace]:
    def make(slug: str) -> Workspace:
        workspace = Workspace.objects.create(name=slug.title(), slug=slug, created_at=now)
        Brand.objects.create(workspace=workspace, name=slug.title(), slug=slug)
        return workspace

    return make


@pytest.fixture
def workspace(make_workspace: Callable[[str], Workspace]) -> Workspace:
    return make_workspace("lumen")


@pytest.fixture
def brand(workspace: Workspace) -> Brand:
    return workspace.brands.get()


@pytest.fixture
def make_member(now: datetime) -> Callable[..., User]:
    def make(name: str, *, workspace: Workspace, role: str) -> User:
        user = User.objects.create_user(
            f"{name}@{workspace.slug}.example", PASSWORD, name=name.title()
        )
        Membership.objects.create(workspace=workspace, user=user, role=role, created_at=now)
        return user

    return make


def _person(name: str, role: str) -> Callable[..., User]:
    def person(workspace: Workspace, make_member: Callable[..., User]) -> User:
        return make_member(name, workspace=workspace, role=role)

    person.__name__ = name
    return pytest.fixture(person)


owner = _person("owner", "owner")
lead = _person("lead", "lead")
agent = _person("agent", "agent")
other_agent = _person("other_agent", "agent")
counsel = _person("counsel", "counsel")
viewer = _person("viewer", "viewer")


@pytest.fixture
def stranger(make_workspace: Callable[[str], Workspace], make_member: Callable[..., User]) -> User:
    """An owner, but of another workspace."""
    return make_member("stranger", workspace=make_workspace("elsewhere"), role="owner")
