"""Inputs of decisions as hypothesis draws them."""

from __future__ import annotations

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


def inputs() -> st.SearchStrategy[DecisionInput]:
    known = {
        name: st.none() | values_of(spec) for name, spec in FIELDS.items() if not spec.is_derived
    }
    return st.builds(DecisionInput, **known)  # type: ignore[arg-type]
