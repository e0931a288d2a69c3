"""Write the people and the history of the demonstration into the practice network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from amends.core.clock import require_aware
from amends.demo.load import load_script
from amends.demo.script import Persona, Script, ScriptedPost, StreamItem
from amends.sandbox.models import DeletedBy, Person, Post, ScriptedItem
from amends.sandbox.people import issue_token
from amends.sandbox.publish import PostDraft, delete_post, edit_post, publish_post


class SandboxNotEmptyError(Exception):
    """The practice network has people already; it is filled once only."""


@dataclass(frozen=True, slots=True)
class FilledSandbox:
    """What the desk needs to go on from here.

    `tokens` holds the access token of each brand account by handle; it is shown this once, only its
    digest is kept. `post_ids` holds the id on the network of each post and comment of the script.
    """

    tokens: dict[str, str]
    post_ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happened at a time; `text` is None for a deletion."""

    at: datetime
    item: ScriptedPost
    is_first: bool
    text: str | None


def fill_sandbox(now: datetime) -> FilledSandbox:
    """Write the whole past up to `now` in the order in which it happened, or nothing.

    Raises SandboxNotEmptyError where somebody is there already.
    """
    moment = require_aware(now)
    script = load_script()
    if Person.objects.exists():
        raise SandboxNotEmptyError(
            "The practice network is not empty: fill it in a folder of its own."
        )
    with transaction.atomic():
        people = create_people(script)
        posts: dict[str, Post] = {}
        for act in acts_in_order(script, now=moment):
            perform_act(act, people=people, posts=posts)
        write_stream(script.stream, people=people, posts=posts)
        token = issue_token(people[script.brand.id])
    return FilledSandbox(
        tokens={script.brand.id: token},
        post_ids={script_id: post.id for script_id, post in posts.items()},
    )


def create_people(script: Script) -> dict[str, Person]:
    """Everybody of the story on the network, by handle; nobody may be there yet."""
    return {person.id: _create_person(person) for person in (script.brand, *script.personas)}


def _create_person(person: Persona) -> Person:
    return Person.objects.create(
        handle=person.id,
        name=person.name,
        bio=person.bio,
        followers=person.followers,
        language=person.lang,
        colour=person.colour,
        is_brand=person.is_brand,
    )


def acts_in_order(script: Script, *, now: datetime) -> list[Act]:
    """Every publication, edit and deletion of the past, oldest first."""
    acts: list[Act] = []
    for item in script.everything_posted:
        at = now + item.at
        acts.append(Act(at=at, item=item, is_first=True, text=item.text))
        acts += [
            Act(at=at + edit.after, item=item, is_first=False, text=edit.text)
            for edit in item.edits
        ]
        if item.deletion:
            acts.append(Act(at=at + item.deletion.after, item=item, is_first=False, text=None))
    return sorted(acts, key=lambda act: act.at)


def perform_act(act: Act, *, people: dict[str, Person], posts: dict[str, Post]) -> None:
    """Let it happen on the network, dated when it happened; new posts are added to `posts`."""
    item = act.item
    if act.text is None:
        by = DeletedBy(item.deletion.by if item.deletion else DeletedBy.AUTHOR)
        delete_post(posts[item.id], by=by, now=act.at)
    elif act.is_first:
        posts[item.id] = publish_post(
            PostDraft(
                author=people[item.author],
                text=act.text,
                lang=item.lang,
                parent=posts[item.parent] if item.parent else None,
                attachments=[
                    {"kind": picture.kind, "url": picture.url, "alt": picture.alt}
                    for picture in item.attachments
                ],
            ),
            now=act.at,
        )
    else:
        edit_post(posts[item.id], text=act.text, now=act.at)


def write_stream(
    stream: tuple[StreamItem, ...], *, people: dict[str, Person], posts: dict[str, Post]
) -> None:
    written: dict[str, ScriptedItem] = {}
    for position, item in enumerate(stream):
        written[item.id] = ScriptedItem.objects.create(
            position=position,
            act=item.act,
            author=people[item.author],
            parent=posts.get(item.parent or ""),
            target=written.get(item.target or item.parent or ""),
            text=item.text,
            lang=item.lang,
        )
