"""Classes of faults in English and Dutch, met in words that no list foresaw; and their borders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.lint.desk import checks, lint

FAULTS: list[tuple[str, str, str]] = [
    # sorry under an if that stands far away, or for how it felt
    ("Q03", "en", "If our delay with the parcel put a dent in your morning, we do apologise."),
    ("Q03", "nl", "Mocht het late pakket je ochtend hebben verstoord, dan bieden we excuses aan."),
    ("Q03", "nl", "Het spijt ons dat het gesprek over je pakket niet prettig aanvoelde."),
    # may we have your number is a request, though it is we who would have
    ("Q06", "en", "May I have your customer number for the parcel, right here?"),
    ("Q06", "nl", "Mag ik voor het pakket je klantnummer en je mailadres, gewoon hieronder?"),
    ("Q06", "nl", "Kun je me over het pakket even een DM sturen?"),
    # having said that, and who could do otherwise
    ("Q07", "en", "Having said that, nobody can control the weather over a parcel."),
    ("Q07", "nl", "Aan het weer boven je pakket kunnen wij natuurlijk niets veranderen."),
    # it would not have come to that
    ("Q08", "en", "The parcel would not have burst if it had been opened with scissors."),
    ("Q08", "en", "We cannot smell that somebody has moved when the parcel comes."),
    ("Q08", "nl", "Wij kunnen niet ruiken dat iemand verhuisd is voor het pakket komt."),
    ("Q08", "nl", "Dat was met het pakket niet gebeurd als de doos niet was gekanteld."),
    ("Q08", "nl", "Je hebt het pakket vast in de regen gezet."),
    # it is called a screw
    ("Q09", "en", "That round thing on the parcel is called a screw."),
    ("Q09", "nl", "Zoals elke kleuter weet komt een pakket met de bus."),
    ("Q10", "en", "But calling us crooks over a parcel is beyond the pale."),
    ("Q10", "nl", "Ik ben het spuugzat om over een pakket uitgemaakt te worden."),
    # no further statement
    ("Q11", "en", "The company declines to make any further statement on the parcel."),
    ("Q11", "nl", "Verdere uitspraken over het pakket doen wij niet."),
    # a bottle on the room
    ("Q19", "en", "We've put a bottle of prosecco beside your parcel."),
    ("Q19", "nl", "We hebben alvast een fles prosecco bij je pakket gezet."),
    ("Q20", "en", "It has to be one of the students who took the parcel."),
    ("Q20", "nl", "Hoogstwaarschijnlijk heeft een aannemer je pakket meegenomen."),
    # stars that could see their way
    ("Q23", "en", "If you could see your way to updating those two stars, the parcel comes."),
    ("Q23", "nl", "Zou je die twee sterren over het pakket willen ophogen?"),
    ("Q24", "en", "Good news: the parcel is all sorted now and you won't have more trouble."),
    ("Q24", "nl", "De lift met je pakket draait weer en alles doet het weer."),
]


@pytest.mark.parametrize(("check", "lang", "reply"), FAULTS)
def test_a_fault_is_found_by_its_class(check: str, lang: str, reply: str) -> None:
    assert check in checks(lint(reply, lang=lang))


OWNED = [
    ("en", "We took more parcels than our two vans can carry. I'm sorry."),
    ("en", "You should have had your parcel on Tuesday. I'm sorry that you didn't."),
    ("en", "I'm sorry about the parcel. That is not how we want to treat anyone."),
    ("nl", "Je pakket is er niet, omdat wij het op een volle boot hadden geboekt. Sorry."),
    ("nl", "Je had je pakket dinsdag moeten krijgen. Het spijt me dat het niet zo was."),
    ("nl", "Sorry van je pakket. Zo willen we met niemand omgaan."),
]


@pytest.mark.parametrize(("lang", "reply"), OWNED)
def test_a_fault_told_as_our_act_is_owned(lang: str, reply: str) -> None:
    assert "Q02" not in checks(lint(reply, lang=lang))


@pytest.mark.parametrize(
    "reply",
    [
        "We're sorry about your parcel. The promoter pulled out at short notice.",
        "We're sorry. In a busy depot mix-ups with parcels unfortunately occur.",
    ],
)
def test_an_apology_for_what_others_did_owns_nothing(reply: str) -> None:
    assert "Q02" in checks(lint(reply))


def rows(due: str) -> dict[str, Any]:
    return {"promises": [{"text": "Photos to the school", "owner": "Ina", "due": due}]}


def test_a_spoken_hour_is_held_against_the_register() -> None:
    reply = "Your parcel is late, our fault, sorry. We will send a new one by 5 pm."
    assert "Q05" not in checks(lint(reply, **rows("2026-12-01T17:00")))
    assert "Q05" in checks(lint(reply, **rows("2026-12-01T09:00")))


def test_opening_hours_are_no_promise() -> None:
    reply = "Your parcel lies at the counter, which is staffed every day from 8 to 8."
    assert "Q05" not in checks(lint(reply, promises=[]))


def test_a_time_gone_by_does_not_excuse_a_soon() -> None:
    reply = "We knew of the parcel since Monday, our fault, sorry. It comes shortly."
    assert "Q04" in checks(lint(reply, comment="Where is my parcel?", required=["FIX", "TIME"]))


def test_a_role_mailbox_is_ours_and_a_customers_is_not() -> None:
    said = "Appeals about the parcel go to {}."
    assert "Q16" not in checks(lint(said.format("appeal@forum.example")))
    assert "Q16" in checks(lint(said.format("jane.porter@gmail.com")))


def test_a_date_is_no_street_and_their_own_flat_is_no_secret() -> None:
    assert "Q16" not in checks(lint("Your parcel comes on the 21st."))
    reply, comment = "No parcel in flat 3 is our fault, sorry.", "Where is the parcel for flat 3?"
    assert "Q16" not in checks(lint(reply, comment=comment))
    assert "Q16" in checks(lint(reply))


def test_a_compound_names_the_issue_by_its_last_word() -> None:
    reply = "De boete is onze fout, sorry; hij vervalt vandaag."
    assert "Q01" not in checks(lint(reply, lang="nl", comment="Parkeerboete klopt niet!"))
