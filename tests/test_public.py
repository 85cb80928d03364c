import re
from importlib import import_module
from pathlib import Path

import pytest

import commentlab as cl
from commentlab import frames

ROOT = Path(__file__).parents[1]
SURFACE = """
    BatchSummary Camp Comment CommentlabError Failure Findings Frames InputError Label Link MissingExtraError ModelError
    OptionError Post Problem Scheme ScoredThread Thread UnknownFormatError UnreadableError When __version__ classify
    findings iter_threads read report run_batch score score_files score_frame to_frames
"""


def test_the_public_surface_is_what_is_listed() -> None:
    assert sorted(cl.__all__) == sorted(SURFACE.split())
    assert dir(cl) == cl.__all__
    for name in cl.__all__:
        assert getattr(cl, name) is not None


def test_public_names_survive_the_import_of_every_module() -> None:
    for file in (ROOT / "commentlab").glob("*.py"):
        import_module(f"commentlab.{file.stem}")
    assert all(callable(getattr(cl, name)) for name in ("read", "score", "classify", "report", "findings", "to_frames"))


@pytest.mark.parametrize("name", [name for name in cl.__all__ if name != "__version__"])
def test_public_names_are_documented(name: str) -> None:
    assert (getattr(cl, name).__doc__ or "").strip()


def test_the_tables_are_documented() -> None:
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    columns = {*frames.COMMENT_COLUMNS, *frames.THREAD_COLUMNS, *frames.PROBLEM_COLUMNS}
    assert columns <= set(re.findall(r"`([\w<>]+)`", text))
    assert f"version {frames.VERSION}" in text
