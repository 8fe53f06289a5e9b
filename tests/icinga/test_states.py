"""Which state is worse."""

from bridge.icinga.states import State


def test_states_are_ranked_from_well_to_down() -> None:
    ranked = sorted(State, key=lambda state: state.rank)

    assert ranked[2:] == [State.WARNING, State.UNKNOWN, State.CRITICAL, State.DOWN]
    assert not any(state.is_problem for state in ranked[:2])
    assert all(state.is_problem for state in ranked[2:])
