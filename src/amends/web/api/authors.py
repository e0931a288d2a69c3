"""Authors: who wrote, and their cases as far as this person may see them."""

from __future__ import annotations

from typing import Annotated

from ninja import Path, Router

from amends.cases.queries import authors_visible_to, cases_visible_to
from amends.web.api.gate import READ, ApiRequest
from amends.web.api.problems import Problem
from amends.web.api.shapes import AuthorOut, Key

router = Router(tags=["authors"])
MOST_CASES = 50


class AuthorDetailOut(AuthorOut):
    """`cases` are the latest, by their public ids."""

    cases: list[str]


@router.get("/authors/{author_id}", response=AuthorDetailOut, auth=READ, summary="Read an author")
def get_author(request: ApiRequest, author_id: Annotated[Key, Path()]) -> AuthorDetailOut:
    """Who wrote, as the channel last described them."""
    found = authors_visible_to(request.user, workspace=request.workspace).filter(pk=author_id)
    author = found.first()
    if author is None:
        raise Problem("not_found", "There is no such author, or they are not yours to see.")
    cases = cases_visible_to(request.user, workspace=request.workspace).filter(author=author)
    numbers = cases.order_by("-number").values_list("number", flat=True)[:MOST_CASES]
    return AuthorDetailOut(
        **AuthorOut.of(author).model_dump(), cases=[f"C-{number}" for number in numbers]
    )
