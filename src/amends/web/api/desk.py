"""Where a program stands: whose token it has, and the channels, brands and colleagues named by id."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema

from amends.accounts.permissions import role_of
from amends.accounts.queries import people_who_may_work
from amends.inbox.queries import brands_visible_to, channel_accounts_visible_to
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.shapes import BrandOut, ChannelOut, PersonOut

router = Router(tags=["desk"])


class MeOut(Schema):
    """What the token may be used for, as long as its person's role covers it."""

    workspace: str
    person: PersonOut | None
    role: str
    token: str
    scopes: list[str]
    expires_at: datetime | None


class ChannelRowOut(ChannelOut):
    brand: BrandOut
    status: str
    last_heard_at: datetime | None


class ChannelsOut(Schema):
    channels: list[ChannelRowOut]


class BrandsOut(Schema):
    brands: list[BrandOut]


class ColleaguesOut(Schema):
    """Those to whom a case can be given."""

    colleagues: list[PersonOut]


@router.get("/me", response=MeOut, auth=READ, summary="Whose token this is")
def me(request: ApiRequest) -> MeOut:
    """Person, role, workspace and scopes; a way to see whether a token still works."""
    token = request.token
    return MeOut(
        workspace=request.workspace.name,
        person=PersonOut.of(request.user),
        role=role_of(request.user, request.workspace) or "",
        token=token.label,
        scopes=list(token.scopes),
        expires_at=token.expires_at,
    )


@router.get("/channels", response=ChannelsOut, auth=READ, summary="List channels")
def channels(request: ApiRequest) -> ChannelsOut:
    """The channels of the workspace; those of the kind api take comments of your own systems."""
    rows = channel_accounts_visible_to(request.user, workspace=request.workspace).order_by("pk")
    return ChannelsOut(
        channels=[
            ChannelRowOut(
                **ChannelOut.of(one).model_dump(),
                brand=BrandOut.of(one.brand),
                status=one.status,
                last_heard_at=one.last_heard_at,
            )
            for one in rows
        ]
    )


@router.get("/brands", response=BrandsOut, auth=READ, summary="List brands")
def brands(request: ApiRequest) -> BrandsOut:
    """The brands under which the workspace speaks."""
    rows = brands_visible_to(request.user, workspace=request.workspace)
    return BrandsOut(brands=[BrandOut.of(one) for one in rows])


@router.get("/colleagues", response=ColleaguesOut, auth=READ, summary="List colleagues")
def colleagues(request: ApiRequest) -> ColleaguesOut:
    """Who may work on cases."""
    people = people_who_may_work(request.workspace)
    return ColleaguesOut(colleagues=[PersonOut(id=one.pk, name=str(one)) for one in people])
