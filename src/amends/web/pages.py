"""Every page says who may open it; a test walks all addresses and refuses one that says nothing.

`@page(may=…)` for pages of a workspace, `@action(may=…)` for addresses that only take a POST,
`@own_page` for what a signed-in person does with their own account, `@public_page` for everybody;
the addresses of the API (`web/api/gate.py`) are for those who bring a token.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from amends.accounts.models import Role, User, Workspace
from amends.accounts.permissions import NotAllowed
from amends.core.clock import Clock

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
May = Callable[[User, Workspace], bool]


class VisitorRequest(HttpRequest):
    """What any page is given (for type checkers; the middleware sets it)."""

    clock: Clock


class DeskRequest(VisitorRequest):
    """What a page of a workspace is given once `@page` has let its visitor in."""

    user: User
    workspace: Workspace
    role: Role


class Audience(Enum):
    """For whom a page is at all."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed in"
    MEMBERS = "members"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a page asks of its visitor; None where it does not take the method."""

    audience: Audience
    to_read: May | None = None
    to_post: May | None = None


def page(*, may: May, to_post: May | None = None) -> Callable[[View], View]:
    """A page of the current workspace: `may` to open it, `to_post` to post to it (None: no POST).

    Somebody not signed in is sent to the sign-in page, a stranger gets 404, the wrong role 403.
    """
    return _demand(Demand(Audience.MEMBERS, to_read=may, to_post=to_post))


def action(*, may: May) -> Callable[[View], View]:
    """An address of the current workspace that takes a POST only."""
    return _demand(Demand(Audience.MEMBERS, to_post=may))


def own_page(view: View) -> View:
    """A page about the signed-in person, member of a workspace or not."""
    return _demand(Demand(Audience.SIGNED_IN))(view)


def public_page(view: View) -> View:
    """A page that needs no sign-in; it must show nothing of any workspace."""
    view.demand = Demand(Audience.EVERYBODY)  # type: ignore[attr-defined]
    return view


def demand_of(view: Callable[..., Any]) -> Demand | None:
    """What the view asks for, or None when nobody has declared it."""
    demand = getattr(view, "demand", None)
    return demand if isinstance(demand, Demand) else None


def _demand(demand: Demand) -> Callable[[View], View]:
    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_return_address(request))
            if demand.audience is Audience.MEMBERS:
                refusal = _refuse_method(request, demand)
                if refusal is not None:
                    return refusal
                _check_membership(request, demand)
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as refused:  # a verb below knows better than the page
                raise PermissionDenied(str(refused)) from refused

        guarded.demand = demand  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def _refuse_method(request: HttpRequest, demand: Demand) -> HttpResponseBase | None:
    allowed = []
    if demand.to_read is not None:
        allowed += ["GET", "HEAD"]
    if demand.to_post is not None:
        allowed += ["POST"]
    return None if request.method in allowed else HttpResponseNotAllowed(allowed)


def _check_membership(request: HttpRequest, demand: Demand) -> None:
    workspace: Workspace | None = getattr(request, "workspace", None)
    if workspace is None:
        raise Http404(_("You are not a member of any workspace. Ask a colleague to invite you."))
    may = demand.to_post if request.method == "POST" else demand.to_read
    if may is None or not may(request.user, workspace):  # type: ignore[arg-type]
        raise PermissionDenied(_("Your role does not allow this. Ask an owner or lead."))


def _return_address(request: HttpRequest) -> str:
    # Signing in must not repeat a POST or show a fragment as a page.
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    return "/"
