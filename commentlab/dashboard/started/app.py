"""The script that Streamlit runs where commentlab is installed; in the repository, `app.py` does the same."""

from commentlab.dashboard.app import run

run()
