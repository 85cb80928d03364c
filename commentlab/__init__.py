"""commentlab: who answers whom under a post, and where do they stand?

Everything public is listed in `__all__`. Records and errors are here at once; what needs pandas or a model is loaded
when it is first used, so that `import commentlab` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from commentlab.errors import (
    CommentlabError,
    InputError,
    MissingExtraError,
    ModelError,
    OptionError,
    UnknownFormatError,
    UnreadableError,
)
from commentlab.records import (
    Camp,
    Comment,
    Failure,
    Label,
    Link,
    Post,
    Problem,
    Scheme,
    ScoredThread,
    Thread,
    When,
)

if TYPE_CHECKING:
    from commentlab.batch import BatchSummary, run_batch, score_files
    from commentlab.frames import Frames, to_frames
    from commentlab.insight import Findings, findings
    from commentlab.reading import iter_threads, read
    from commentlab.reporting import report
    from commentlab.scoring import classify, score, score_frame

__version__ = "0.1.0"
__all__ = [
    "BatchSummary",
    "Camp",
    "Comment",
    "CommentlabError",
    "Failure",
    "Findings",
    "Frames",
    "InputError",
    "Label",
    "Link",
    "MissingExtraError",
    "ModelError",
    "OptionError",
    "Post",
    "Problem",
    "Scheme",
    "ScoredThread",
    "Thread",
    "UnknownFormatError",
    "UnreadableError",
    "When",
    "__version__",
    "classify",
    "findings",
    "iter_threads",
    "read",
    "report",
    "run_batch",
    "score",
    "score_files",
    "score_frame",
    "to_frames",
]

_HOMES = {
    "batch": ("BatchSummary", "run_batch", "score_files"),
    "frames": ("Frames", "to_frames"),
    "insight": ("Findings", "findings"),
    "reading": ("iter_threads", "read"),
    "reporting": ("report",),
    "scoring": ("classify", "score", "score_frame"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import the module that holds `name` and return it."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'commentlab' has no attribute {name!r}")
    value = getattr(import_module(f"commentlab.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
