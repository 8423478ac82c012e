"""What a session remembers survives another click at the wrong moment."""

import pytest
from streamlit.runtime.state import SessionState, session_state_proxy
from streamlit.runtime.state.safe_session_state import SafeSessionState

from costlab.ui import state


class Another(Exception):  # noqa: N818 (stands for what Streamlit raises: not an error)
    """Another click is waiting: Streamlit ends what runs at its next touch of the session."""


@pytest.fixture
def clicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clicks that wait; a touch of the session while there is one ends the callback."""
    waiting: list[str] = []

    def touch() -> None:
        if waiting:
            raise Another

    session = SafeSessionState(SessionState(), touch)
    monkeypatch.setattr(session_state_proxy, "get_session_state", lambda: session)
    session["chosen"] = "net"
    return waiting


def _choose() -> None:
    state.memory()["view"] = state.answer("chosen")


def test_a_callback_runs_to_its_end_while_another_click_waits(clicks: list[str]) -> None:
    state.memory()
    call = state.call(_choose)
    clicks.append("another")
    call()
    clicks.clear()
    assert state.memory()["view"] == "net"


def test_the_same_callback_left_to_streamlit_loses_the_choice(clicks: list[str]) -> None:
    state.memory()
    clicks.append("another")
    with pytest.raises(Another):
        _choose()
    clicks.clear()
    assert "view" not in state.memory()


def test_a_widget_that_was_replaced_says_nothing_any_more(clicks: list[str]) -> None:
    assert not clicks
    old = state.call_if_drawn(_choose)
    state.redraw()
    old()  # in the same click as the redraw: the browser has it still
    assert state.memory().pop("view") == "net"
    state.drawn()
    old()
    assert "view" not in state.memory()
