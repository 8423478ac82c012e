"""The web estimator. `app.py` lists the pages, `pages/` has one file each, `parts/` the widgets they share.

`draft.py` and `pricing.py` know nothing of Streamlit: the estimate being written, and what it costs. `state.py` keeps
the draft in the browser session; `words.py` has the words. Nothing here adds or multiplies money.
"""
