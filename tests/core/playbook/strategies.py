"""Inputs of decisions as hypothesis draws them."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st

from amends.core.playbook.inputs import FIELDS, DecisionInput, FieldSpec


def values_of(spec: FieldSpec) -> st.SearchStrategy[object]:
    if spec.codes is not None:
        return st.sampled_from(list(spec.codes))
    if spec.is_flag:
        return st.booleans()
    if spec.has_fractions:
        return st.floats(0, spec.highest or 1e6, allow_nan=False)
    return st.integers(0, spec.highest if spec.highest is not None else 10**7)


# What gates look at: left unknown, an input comes through to the matrix.
GATED = (
    "author_type",
    "crisis_level",
    "impersonates_us",
    "legal_threat",
    "minor",
    "policy_ground",
    "self_harm",
    "thread_authors",
    "thread_state",
    "troll_confirmed",
)


def inputs(*, without: Collection[str] = ()) -> st.SearchStrategy[DecisionInput]:
    """Any input; the fields in `without` are unknown in it."""
    known = {
        name: st.none() | values_of(spec)
        for name, spec in FIELDS.items()
        if not spec.is_derived and name not in without
    }
    return st.builds(DecisionInput, **known)  # type: ignore[arg-type]
