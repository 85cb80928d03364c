"""The dashboard: who answers whom, and where do they stand, ten seconds after dropping a file.

`pages/*.py` arrange, `parts` and `charts.py` draw, `state.py` holds the session. Nothing here parses, labels or counts.
"""

import os
from pathlib import Path

HOME = Path(__file__).parent
SCRIPT = HOME / "started" / "app.py"
"""What Streamlit runs. A folder `pages` beside it would stand for the navigation until somebody asks for the root."""
OPEN = "COMMENTLAB_OPEN"
"""Environment variable with the path that the dashboard opens at its start; without it, it opens the sample."""

SCHEME = "COMMENTLAB_SCHEME"
"""Environment variable with a scheme of the user's own: what is opened is labelled by it, unless another is chosen."""


def serve(path: Path | None = None, scheme: str | None = None) -> None:
    """Run the dashboard in this process until it is stopped.

    The settings (localhost only, no telemetry, the theme) lie beside the script in `.streamlit/config.toml`, where
    Streamlit finds them from any folder.

    Args:
        path: A file or folder to open; None opens the sample thread.
        scheme: Name or TOML file of the scheme to offer first.
    """
    from streamlit.web import cli

    from commentlab.dashboard import warming

    os.environ |= ({OPEN: str(path.resolve())} if path else {}) | ({SCHEME: scheme} if scheme else {})
    warming.begin()
    cli.main(["run", str(SCRIPT)], standalone_mode=False)
