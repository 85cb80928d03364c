"""Every error that commentlab raises on purpose.

    CommentlabError
    ├── InputError              something is wrong with what was given to read
    │   ├── UnreadableError     it cannot be opened, unpacked or decoded
    │   └── UnknownFormatError  it can be opened, but no reader finds a discussion in it
    ├── OptionError             an option, a scheme or a label that does not exist
    ├── ModelError              a trained artefact is missing, altered or of another version
    └── MissingExtraError       an optional part is not installed; the message holds the command

A message says what was wrong, where, and what to do next.
"""


class CommentlabError(Exception):
    """Base of every error that commentlab raises on purpose."""


class InputError(CommentlabError):
    """Something is wrong with what was given to read; `source` names it."""

    def __init__(self, source: str, message: str) -> None:
        super().__init__(f"{source}: {message}")
        self.source = source


class UnreadableError(InputError):
    """The input cannot be opened, unpacked or decoded."""


class UnknownFormatError(InputError):
    """The input can be opened, but no reader finds a discussion in it."""


class OptionError(CommentlabError):
    """An option, a scheme or a label that does not exist."""


class ModelError(CommentlabError):
    """A trained artefact is missing, altered or of another version."""


class MissingExtraError(CommentlabError):
    """An optional part is not installed; the message holds the install command."""
