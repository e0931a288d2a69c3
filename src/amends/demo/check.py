"""Whether the content of the demonstration hangs together: references, order of times, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from amends.core.vocabulary import LANGUAGES
from amends.demo.script import Script, ScriptedPost, ScriptError

_ROLES = {"owner", "lead", "agent", "counsel", "viewer"}
_MAY_ANSWER = {"owner", "lead", "agent"}
UNTAGGED = "-untagged"
"""Ending of the id of an item that leaves the handle out on purpose: the watch for mentions finds it."""


def check_script(script: Script) -> None:
    """Raise ScriptError that names every fault of the content."""
    faults = [*_faults_of_people(script), *_faults_of_posts(script), *_faults_of_stream(script)]
    if faults:
        raise ScriptError("; ".join(faults))


def _faults_of_people(script: Script) -> Iterator[str]:
    yield from _repeated(person.id for person in (script.brand, *script.personas))
    yield from _repeated(member.id for member in script.team)
    for member in script.team:
        if member.role not in _ROLES:
            yield f"{member.id}: there is no role {member.role}"
        if not member.email.endswith(".example"):
            yield f"{member.id}: the address {member.email} does not end in .example"
    spoken = [(person.id, person.lang) for person in script.personas]
    spoken += [(member.id, member.lang) for member in script.team]
    for name, lang in spoken:
        if lang not in LANGUAGES:
            yield f"{name}: there is no language {lang}"


def _faults_of_posts(script: Script) -> Iterator[str]:
    posted = {item.id: item for item in script.everything_posted}
    people = {person.id for person in (script.brand, *script.personas)}
    yield from _repeated(item.id for item in (*script.posts, *script.comments))
    yield from _repeated(
        text.casefold()
        for item in script.everything_posted
        for text in (item.text, *(edit.text for edit in item.edits))
    )
    for item in script.posts:
        if item.author != script.brand.id or item.truth is not None:
            yield f"{item.id}: posts are the brand's own and have no truth"
    for item in script.comments:
        if item.truth is None:
            yield f"{item.id}: the truth is missing"
        if item.parent is None and f"@{script.brand.id}" not in item.text:
            yield f"{item.id}: a thread of its own must mention @{script.brand.id}"
    for item in script.everything_posted:
        if item.author not in people:
            yield f"{item.id}: there is nobody called {item.author}"
        yield from _faults_of_place(item, posted)
        yield from _faults_of_times(item)
        yield from _faults_of_answer(item, script)


def _faults_of_place(item: ScriptedPost, posted: dict[str, ScriptedPost]) -> Iterator[str]:
    if item.parent is None:
        return
    parent = posted.get(item.parent)
    if parent is None:
        yield f"{item.id}: answers {item.parent}, which does not exist"
    elif parent.at >= item.at:
        yield f"{item.id}: is older than {parent.id}, which it answers"
    elif parent.deletion and parent.at + parent.deletion.after <= item.at:
        yield f"{item.id}: answers {parent.id} after its deletion"


def _faults_of_times(item: ScriptedPost) -> Iterator[str]:
    spans = [edit.after for edit in item.edits]
    if item.deletion:
        spans.append(item.deletion.after)
    if spans != sorted(spans):
        yield f"{item.id}: edits and deletion are not in order"
    spans += [act.after for act in (item.answer, item.no_action) if act]
    if any(item.at + span >= timedelta() for span in spans):
        yield f"{item.id}: something happens after now"


def _faults_of_answer(item: ScriptedPost, script: Script) -> Iterator[str]:
    able = {member.id for member in script.team if member.role in _MAY_ANSWER}
    if item.answer:
        if not {item.answer.drafted_by, item.answer.approved_by} <= able:
            yield f"{item.id}: the answer comes from somebody who may not write or approve"
        if item.answer.drafted_by == item.answer.approved_by:
            yield f"{item.id}: nobody approves an answer of their own"
        if item.no_action:
            yield f"{item.id}: is answered and closed without an answer"
    if item.no_action and item.no_action.by not in able:
        yield f"{item.id}: closed by somebody who may not"


def _faults_of_stream(script: Script) -> Iterator[str]:
    people = {person.id for person in script.personas}
    standing = {item.id for item in script.everything_posted if item.deletion is None}
    seen: dict[str, str] = {}
    yield from _repeated(item.id for item in script.stream)
    yield from _repeated(item.text.casefold() for item in script.stream if item.text)
    for item in script.stream:
        if item.author not in people:
            yield f"{item.id}: there is nobody called {item.author}"
        if item.act == "post":
            is_tagged = f"@{script.brand.id}" in item.text or item.id.endswith(UNTAGGED)
            if item.parent is None and not is_tagged:
                yield f"{item.id}: a thread of its own must mention @{script.brand.id}"
            if item.parent is not None and item.parent not in standing | seen.keys():
                yield f"{item.id}: answers {item.parent}, which does not stand"
            seen[item.id] = item.author
        elif seen.get(item.target or "") != item.author:
            yield f"{item.id}: acts on {item.target}, which is no earlier item of the same author"
        if item.act != "delete" and not item.text:
            yield f"{item.id}: the text is missing"


def _repeated(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{name!r} stands twice"
        seen.add(name)
