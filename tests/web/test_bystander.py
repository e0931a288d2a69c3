"""The page shows the reply where everybody will see it, and asks for four ticks before it is handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from amends.accounts.models import User
from amends.replies.bystander import STATEMENTS
from amends.replies.models import BystanderPass, Reply
from amends.replies.queries import reply_digest
from tests.support.desk import WHY
from tests.web.test_case_page_replies import PART, url, words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def hand_over(client: Client, draft: Reply, **more: object) -> tuple[int, str]:
    form = {"text": draft.text, "revision": draft.revision, "override": WHY, **more}
    answer = client.post(url(draft.case, "reply/ask/"), form, headers=PART)
    return answer.status_code, words(answer)


def test_first_the_thread_is_shown_as_a_stranger_sees_it(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    status, page = hand_over(sign_in(agent), draft)
    assert status == 200
    assert "Read it as a stranger would" in page
    assert page.count('name="bystander"') == len(STATEMENTS)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_three_ticks_are_not_four_and_what_was_ticked_stays(
    draft: Reply, agent: User, sign_in: SignIn
) -> None:
    status, page = hand_over(
        sign_in(agent), draft, bystander=STATEMENTS[:3], read_digest=reply_digest(draft)
    )
    assert status == 422
    assert "tick all four" in page
    assert [one for one in STATEMENTS if f'value="{one}" checked' in page] == list(STATEMENTS[:3])


def test_ticks_for_other_words_do_not_count(
    draft: Reply, agent: User, sign_in: SignIn, now: datetime
) -> None:
    status, _page = hand_over(
        sign_in(agent),
        draft,
        text=f"{draft.text} Really.",
        bystander=STATEMENTS,
        read_digest=reply_digest(draft),
    )
    assert status == 422
    assert not BystanderPass.objects.exists()


def test_four_ticks_hand_it_over_and_the_second_person_sees_who_read_it(
    draft: Reply, agent: User, other_agent: User, sign_in: SignIn
) -> None:
    status, _page = hand_over(
        sign_in(agent), draft, bystander=STATEMENTS, read_digest=reply_digest(draft)
    )
    assert status == 200
    draft.refresh_from_db()
    assert draft.status == "awaiting_approval"
    seen = words(sign_in(other_agent).get(url(draft.case)))
    assert "Read as a stranger" in seen
