"""Whose fault it is: three choices or not known, with what it rests on (K06; S2.38, S2.40, S2.41, S3.17)."""

from __future__ import annotations

import pytest

from amends.cases.fault import BASES, Fault, FaultKind
from amends.cases.transitions import NotPossible


@pytest.mark.parametrize(
    ("share", "can_help", "kind"),
    [
        (100, None, FaultKind.OURS),
        (1, None, FaultKind.OURS),
        (0, True, FaultKind.NOT_OURS_CAN_HELP),
        (0, None, FaultKind.NOT_OURS_CAN_HELP),
        (0, False, FaultKind.NOT_OURS_CANNOT),
        (None, None, FaultKind.UNKNOWN),
        (None, True, FaultKind.UNKNOWN),
    ],
)
def test_the_choice_follows_from_the_share_and_whether_we_can_help(
    share: int | None, can_help: bool | None, kind: FaultKind
) -> None:
    basis = "" if share is None else "order_data"
    assert Fault.of(share=share, can_help=can_help, basis=basis).kind is kind


def test_a_guess_is_no_basis() -> None:
    for share in (0, 1, 100):
        with pytest.raises(NotPossible, match="rests on"):
            Fault.of(share=share, can_help=None, basis=" ")
    assert Fault.of(share=None, can_help=None, basis="").basis == ""


def test_other_words_are_kept_as_words_beside_a_code() -> None:
    fault = Fault.of(share=50, can_help=None, basis="the courier's picture")
    assert (fault.basis, fault.words) == ("other", "the courier's picture")
    assert fault.basis in BASES
    with pytest.raises(NotPossible, match="in words"):
        Fault.of(share=50, can_help=None, basis="other")


@pytest.mark.parametrize("share", [-1, 101])
def test_a_share_is_per_cent(share: int) -> None:
    with pytest.raises(NotPossible, match="0 to 100"):
        Fault.of(share=share, can_help=None, basis="order_data")
