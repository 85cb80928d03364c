"""The dashboard, for `streamlit run app.py`."""

from commentlab.dashboard.app import run

run()
