"""Entry for `streamlit run app.py` in a checkout; the application is `costlab.ui`."""

from costlab.ui.app import main

main()
