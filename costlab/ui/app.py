"""The list of pages. `streamlit run` takes this file from an installed package, and `app.py` in a checkout."""

from pathlib import Path

import streamlit as st

from costlab.ui import state
from costlab.ui.parts import head

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Show the page the reader asked for."""
    st.set_option("client.toolbarMode", "minimal")
    st.set_option("client.showErrorDetails", "none")
    # A file of ours: Streamlit fetches emoji and Material icons for the browser's tab from another host.
    st.set_page_config(page_title="costlab", page_icon=str(HERE / "icon.svg"), layout="wide")
    # Each page links to the others itself, in the reader's language.
    st.navigation([head.page(name) for name in head.NAMES], position="hidden").run()
    state.drawn()


if __name__ == "__main__":
    main()
