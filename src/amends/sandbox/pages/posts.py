"""Write, answer, edit and delete as the persona that one plays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from amends.core.clock import SystemClock
from amends.sandbox.errors import PostGoneError, RefusedError
from amends.sandbox.models import DeletedBy, Person, Post
from amends.sandbox.pages.forms import DeletionForm, EditForm, PostForm
from amends.sandbox.pages.personas import current_person
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post

CLOCK = SystemClock()
Page = Callable[..., HttpResponse]


def as_somebody(page: Page) -> Page:
    """Ask first whom one plays; the page gets `playing` by name."""

    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        playing = current_person(request)
        if playing is None:
            question = urlencode({"back_to": request.get_full_path()})
            return redirect(f"{reverse('sandbox:personas')}?{question}")
        return page(request, *args, playing=playing, **kwargs)

    return guarded


@login_required
@require_safe
def post(request: HttpRequest, post_id: str) -> HttpResponse:
    """The address of a post leads to its place in the thread."""
    found = get_object_or_404(Post, pk=post_id)
    return redirect(_place_of(found))


@as_somebody
def write(request: HttpRequest, *, playing: Person) -> HttpResponse:
    """Begin a new thread."""
    return _compose(request, playing=playing, parent=None)


@as_somebody
def answer(request: HttpRequest, post_id: str, *, playing: Person) -> HttpResponse:
    """Answer a post."""
    parent = get_object_or_404(Post.objects.select_related("author"), pk=post_id)
    return _compose(request, playing=playing, parent=parent)


@as_somebody
def edit(request: HttpRequest, post_id: str, *, playing: Person) -> HttpResponse:
    """Give an own post a new text."""
    found = _own_post(post_id, playing=playing)
    form = EditForm(request.POST or None, initial={"text": found.text, "revision": found.revision})
    newer = ""
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["revision"] != found.revision:
            form.add_error(
                None, _("The post was changed meanwhile: its text now stands above yours.")
            )
            # Saving again replaces that text, now that the writer has seen it.
            form.data = {**request.POST.dict(), "revision": found.revision}
            newer = found.text
        else:
            try:
                edited = edit_post(found, text=form.cleaned_data["text"], now=CLOCK.now())
                return redirect(_place_of(edited))
            except RefusedError as problem:
                form.add_error(None, problem.message)
            except PostGoneError:
                form.add_error(None, _("The post was deleted meanwhile."))
    context = {"form": form, "post": found, "playing": playing, "newer": newer}
    return render(request, "sandbox/edit.html", context, status=422 if form.errors else 200)


@as_somebody
def delete(request: HttpRequest, post_id: str, *, playing: Person) -> HttpResponse:
    """Take a post away, as its author or, for any post, as the network."""
    found = get_object_or_404(Post.objects.select_related("author"), pk=post_id)
    is_own = found.author_id == playing.id
    form = DeletionForm(request.POST or None)
    if not is_own:
        form.initial["by"] = DeletedBy.PLATFORM
        form.fields["by"].choices = form.fields["by"].choices[1:]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        with suppress(PostGoneError):  # somebody was faster, and what was asked for is so
            delete_post(found, by=DeletedBy(form.cleaned_data["by"]), now=CLOCK.now())
        return redirect(_place_of(found))
    context = {"form": form, "post": found, "playing": playing, "is_own": is_own}
    return render(request, "sandbox/delete.html", context, status=422 if form.errors else 200)


def _compose(request: HttpRequest, *, playing: Person, parent: Post | None) -> HttpResponse:
    form = PostForm(request.POST or None, initial={"lang": playing.language})
    if request.method == "POST" and form.is_valid():
        draft = PostDraft(
            author=playing,
            text=form.cleaned_data["text"],
            lang=form.cleaned_data["lang"],
            parent=parent,
        )
        try:
            return redirect(_place_of(publish_post(draft, now=CLOCK.now())))
        except RefusedError as problem:
            form.add_error("text", problem.message)
        except PostGoneError:
            form.add_error(None, _("The post that you answer was deleted meanwhile."))
    context = {"form": form, "parent": parent, "playing": playing}
    return render(request, "sandbox/write.html", context, status=422 if form.errors else 200)


def _own_post(post_id: str, *, playing: Person) -> Post:
    return get_object_or_404(
        Post.objects.select_related("author"),
        pk=post_id,
        author=playing,
        deleted_at__isnull=True,
    )


def _place_of(found: Post) -> str:
    return f"{reverse('sandbox:thread', args=[found.root_id])}#{found.id}"
