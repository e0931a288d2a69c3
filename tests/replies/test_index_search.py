"""The search index: what is said is found within seconds, by who may see it, until it is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from amends.accounts.models import User, Workspace
from amends.cases.erase import contents_of, erase_comment, forget_what_was_erased
from amends.cases.models import Case, SearchDocument
from amends.cases.note import write_note
from amends.cases.queries import cases_visible_to
from amends.cases.search_cases import PORTION, search_cases
from amends.cases.search_index import forget_case, put_documents
from amends.cases.transitions import touch_case
from amends.connectors.kit.events import InboundAuthor
from amends.inbox.models import Comment
from amends.record.log import COMMAND
from amends.record.redact import redact_content
from amends.replies.index_search import index_all, index_changed, repair_index, texts_of
from tests.support.desk import Colleagues

pytestmark = pytest.mark.django_db
MakeCase = Callable[..., Case]


@pytest.fixture
def find(workspace: Workspace, agent: User) -> Callable[..., list[int]]:
    """Numbers of the cases that a person finds, the newest first, after the clock's job has run."""

    def numbers(words: str, *, by: User = agent, is_indexed: bool = False) -> list[int]:
        if not is_indexed:
            index_changed()
        visible = cases_visible_to(by, workspace=workspace)
        found = search_cases(visible, words, workspace=workspace, size=50)
        return [case.number for case in found.cases]

    return numbers


Find = Callable[..., list[int]]


def test_words_are_found_in_all_five_languages_in_whatever_form(
    make_case: MakeCase, find: Find
) -> None:
    said = {
        "tr": "Kargolarım 6 gündür yok, mağazanız kapalı",
        "ru": "Где мои посылки? Ещё ждать?",
        "id": "Pesanan saya belum sampai",
        "nl": "Twee pakketten zijn kwijt",
        "en": "My deliveries never arrived",
    }
    for language, text in said.items():
        case = make_case(text, thread_external_id=language)
        Case.objects.filter(pk=case.pk).update(language=language)
    number = {case.language: case.number for case in Case.objects.all()}
    asked = {
        "tr": "KARGO magaza",
        "ru": "посылка еще",
        "id": "pesan",
        "nl": "pakket",
        "en": "delivery ",
    }
    for language, words in asked.items():
        assert find(words) == [number[language]], language


def test_all_words_must_be_there_in_quotes_as_they_stand_and_none_after_a_minus(
    make_case: MakeCase, find: Find
) -> None:
    one = make_case("kargom nerede kaldı", thread_external_id="1").number
    two = make_case("nerede benim kargom, iade istiyorum", thread_external_id="2").number
    Case.objects.update(language="tr")
    assert find("kargo nerede ") == [two, one]
    assert find('"kargom nerede"') == [one]
    assert find("kargo -iade") == [one]
    assert find("kargo uçak") == find("-iade") == find("") == find('"') == []
    assert find("isti") == [two]  # the last word is being typed
    assert find("isti ") == []


def test_a_phrase_does_not_reach_from_one_text_into_the_next(
    make_case: MakeCase, find: Find, agent: User, now: datetime
) -> None:
    case = make_case("paket kayıp")
    write_note(case, text="depoyu aradım", by=agent, now=now)
    assert find("paket aradım") == [case.number]
    assert find('"kayıp depoyu"') == find('"depoyu paket"') == []


def test_names_notes_our_answers_and_earlier_versions_are_found(
    make_case: MakeCase, make_comment: Callable[..., Comment], find: Find, colleagues: Colleagues
) -> None:
    case = make_case(
        "Paket kırık geldi", external_id="c", author=InboundAuthor("a-9", "nilu.fer", "Nilüfer Ç.")
    )
    make_comment("Paket ezik geldi", external_id="c", version_key="c-v2")
    colleagues.ask(case, "Bugün depoyu arıyoruz. Elif")
    write_note(case, text="Kurye ulaşılamıyor", by=colleagues.writer, now=colleagues.now)
    for words in ("kirik", "ezik", "nilufer", "nilu.fer", "kurye", "depoyu", "nilufer kurye ezik "):
        assert find(words) == [case.number], words


def test_a_draft_that_nobody_handed_over_is_not_found(
    make_case: MakeCase, find: Find, colleagues: Colleagues
) -> None:
    colleagues.draft(make_case(), "Gizli taslak sözleri")
    assert find("taslak") == []


def test_a_number_leads_to_its_case_and_only_for_who_may_see_it(
    make_case: MakeCase, find: Find, counsel: User
) -> None:
    case = make_case("metin")
    assert (
        find(case.public_id) == find(f"c{case.number}") == find(f"#{case.number}") == [case.number]
    )
    Case.objects.update(lane="legal")
    assert find(case.public_id) == []
    assert find(case.public_id, by=counsel) == [case.number]


@pytest.mark.parametrize("role", ["agent", "viewer", "stranger", "counsel"])
def test_a_restricted_case_is_invisible_to_a_search_from_the_moment_it_moves(
    role: str, make_case: MakeCase, find: Find, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(role)
    case = make_case("Avukatım arayacak")
    index_changed()
    Case.objects.update(lane="legal")  # the index has not been told
    expected = [case.number] if role == "counsel" else []
    assert find("avukat", by=user, is_indexed=True) == expected


def test_another_workspace_finds_nothing_of_ours(
    make_case: MakeCase, stranger: User, find: Find
) -> None:
    make_case("kargo")
    index_changed()
    there = stranger.memberships.get().workspace
    visible = Case.objects.all()  # as if the door had been left open
    assert search_cases(visible, "kargo", workspace=there, size=9).cases == []


def test_erased_words_leave_the_index_in_the_same_transaction_and_do_not_come_back(
    make_case: MakeCase, find: Find, lead: User, now: datetime
) -> None:
    case = make_case("Adresim Çınar Sokak 12", thread_external_id="1")
    other = make_case("Çınar ağacı", thread_external_id="2")
    assert find("çınar") == [other.number, case.number]
    with transaction.atomic():
        erase_comment(case.comment, reason="asked", by=lead, now=now + timedelta(minutes=1))
        assert find("çınar", is_indexed=True) == [other.number]
    assert find("çınar") == [other.number]
    index_all()
    assert find("çınar", is_indexed=True) == [other.number]
    assert find("ayşe", is_indexed=True) == [other.number, case.number]  # the case itself stays


def test_after_a_restore_what_was_erased_is_not_found_by_its_words(
    make_case: MakeCase, find: Find, now: datetime
) -> None:
    case = make_case("Adresim Çınar Sokak 12", thread_external_id="1")
    other = make_case("Çınar ağacı", thread_external_id="2")
    assert find("çınar") == [other.number, case.number]
    for content in contents_of(
        case.comment
    ):  # as a restore repeats it: the contents, and nothing around
        redact_content(content, actor=COMMAND, reason="again", now=now)
    assert find("çınar", is_indexed=True) == [other.number, case.number]
    assert forget_what_was_erased(now=now + timedelta(minutes=1)) == 1
    assert find("çınar", is_indexed=True) == [other.number]
    assert find("çınar") == [other.number]


def test_words_that_were_read_before_they_were_erased_are_not_put_in_afterwards(
    make_case: MakeCase, find: Find, now: datetime
) -> None:
    case = make_case("Çınar Sokak")
    read = [(one, list(texts)) for one, texts in texts_of([case])]
    touch_case(Case.objects.get(), now=now + timedelta(seconds=5))
    forget_case(case)
    put_documents(read)
    assert not SearchDocument.objects.exists()
    assert find("çınar", is_indexed=True) == []


def test_results_follow_each_other_page_by_page_through_many_portions(
    make_case: MakeCase, workspace: Workspace, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PORTION > 50
    monkeypatch.setattr("amends.cases.search_cases.PORTION", 3)
    cases = [make_case(f"kargo {n}", thread_external_id=f"{n}") for n in range(11)]
    Case.objects.filter(pk__in=[case.pk for case in cases[2:9]]).update(lane="legal")
    index_all()
    visible = cases_visible_to(agent, workspace=workspace)
    numbers: list[int] = []
    after = ""
    while True:
        found = search_cases(visible, "kargo ", workspace=workspace, after=after, size=2)
        numbers += [case.number for case in found.cases]
        after = found.more
        if not after:
            break
    assert numbers == [cases[n].number for n in (10, 9, 1, 0)]
    monkeypatch.setattr("amends.cases.search_cases.MOST_READ", 3)
    cut = search_cases(visible.filter(number=0), "kargo ", workspace=workspace, size=2)
    assert (cut.cases, cut.is_cut) == ([], True)


def test_the_repair_finds_what_the_job_passed_over(
    make_case: MakeCase, find: Find, now: datetime
) -> None:
    old = make_case("çok eski bir dert", thread_external_id="1")
    Case.objects.filter(pk=old.pk).update(changed_at=now - timedelta(days=9))
    make_case("yeni", thread_external_id="2")
    index_changed()
    forget_case(old)
    assert find("dert") == []
    assert repair_index() == 1
    assert find("dert") == [old.number]
    assert repair_index() == index_changed() == 0


@pytest.mark.parametrize(
    "words", ["' OR 1=1", '"; DROP TABLE', "words:x", "a* NOT b", "(((", "\\", "%"]
)
def test_no_query_is_too_strange(words: str, make_case: MakeCase, find: Find) -> None:
    make_case("kargo")
    assert find(words) == []
