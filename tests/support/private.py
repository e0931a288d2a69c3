"""A conversation in private, as a customer begins it by the link of a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from amends.cases.models import Case
from amends.replies.approve import approve_reply, ask_for_approval
from amends.replies.draft import save_draft
from amends.replies.hand_over import find_talk, link_prefix, make_link, offer_in_draft, write_first
from amends.replies.models import Delivery, HandOver, Reply
from amends.replies.private import begin_private_reply
from amends.replies.queries import reply_digest
from tests.support.desk import WHY, Colleagues

ANSWER = "Merhaba, kargonuz yarın saat 18.00'e kadar elinizde olacak. Mert"


@dataclass
class Customer:
    """Who writes in private, and the colleagues who answer."""

    colleagues: Colleagues

    def link(self, case: Case) -> str:
        """The secret of a link that stands in a draft."""
        reply = self.colleagues.draft(case)
        changed = offer_in_draft(
            reply,
            text=reply.text,
            revision=reply.revision,
            by=self.colleagues.writer,
            now=self.colleagues.now,
        )
        return secret_in(changed.text)

    def write(self, case: Case, text: str = "Sipariş numaram 4711.") -> HandOver:
        """Write by a fresh link; the triage is confirmed before."""
        case.refresh_from_db()
        if case.status == "new":
            self.colleagues.triage(case)
        token = make_link(case, language="tr", by=self.colleagues.writer, now=self.colleagues.now)
        return self.talk(write_first(token, text=text, now=self.colleagues.now))

    def talk(self, visitor: str) -> HandOver:
        found = find_talk(visitor, now=self.colleagues.now)
        assert found is not None
        return found

    def ask(self, talk: HandOver, text: str = ANSWER) -> Reply:
        """Hand over an answer in private."""
        team = self.colleagues
        talk = HandOver.objects.select_related("case__workspace", "account").get(pk=talk.pk)
        reply = begin_private_reply(talk, by=team.writer, now=team.now)
        reply = save_draft(reply, text=text, revision=reply.revision, by=team.writer, now=team.now)
        ask_for_approval(reply, by=team.writer, now=team.now, override=WHY)
        return Reply.objects.get(pk=reply.pk)

    def answer(self, talk: HandOver, text: str = ANSWER) -> Delivery:
        """An approved answer in private, ready to go."""
        reply = self.ask(talk, text)
        team = self.colleagues
        made = approve_reply(reply, digest=reply_digest(reply), by=team.approver, now=team.now)
        assert made is not None
        return made


def secret_in(text: str) -> str:
    found = re.search(re.escape(link_prefix()) + "([a-z]+)", text)
    assert found, text
    return found[1]


@pytest.fixture
def customer(colleagues: Colleagues) -> Customer:
    return Customer(colleagues)
