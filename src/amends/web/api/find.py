"""Finds what an address names, through the doors that a person's sight goes through; else 404."""

from __future__ import annotations

from typing import Annotated

from ninja import Path

from amends.accounts.models import Brand
from amends.cases.models import Case
from amends.cases.queries import case_or_none
from amends.inbox.models import ChannelAccount
from amends.inbox.queries import brands_visible_to, channel_accounts_visible_to
from amends.web.api.gate import ApiRequest
from amends.web.api.problems import Problem, unknown_problem

CaseId = Annotated[str, Path(pattern=r"^C-[1-9][0-9]{0,8}$", examples=["C-12"])]


def find_case(request: ApiRequest, case_id: str) -> Case:
    """The case, or a problem that does not tell a restricted case from none."""
    number = int(case_id.removeprefix("C-"))
    found = case_or_none(request.user, workspace=request.workspace, number=number)
    if found is None:
        raise Problem("not_found", "There is no such case, or it is not yours to see.")
    return found


def find_named_case(request: ApiRequest, case_id: str, *, place: str) -> Case:
    """The case that a value names."""
    number = int(case_id.removeprefix("C-"))
    found = case_or_none(request.user, workspace=request.workspace, number=number)
    if found is None:
        raise unknown_problem(place, "There is no such case, or it is not yours to see.")
    return found


def find_channel(request: ApiRequest, pk: int, *, place: str) -> ChannelAccount:
    """The channel account that a value names."""
    rows = channel_accounts_visible_to(request.user, workspace=request.workspace)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise unknown_problem(place, "There is no such channel: GET /api/v1/channels lists them.")
    return found


def find_brand(request: ApiRequest, pk: int | None) -> Brand:
    """The brand that is asked for, else the only one, else the first by name."""
    rows = brands_visible_to(request.user, workspace=request.workspace)
    found = rows.first() if pk is None else rows.filter(pk=pk).first()
    if found is None:
        raise Problem("not_found", "There is no such brand.")
    return found
