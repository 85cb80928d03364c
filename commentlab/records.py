"""The records that everything else passes along: frozen, keyword-only, without behaviour beyond properties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Precision = Literal["second", "minute", "day", "month", "year"]
Origin = Literal["stated", "inferred"]
Kind = Literal["comment", "pingback", "trackback"]
Status = Literal["shown", "deleted", "pending", "spam"]
Side = Literal["favor", "against", "none"]
Mending = Literal["split", "join", "attach"]
Span = tuple[int, int]
"""A half-open range of characters of a text."""
Reason = tuple[int, int, float]
"""A span of a comment's text and its weight for the label; positive weights speak for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date as it was written, and what it means.

    `time` is an aware datetime, or None where `raw` could not be parsed. `zone_assumed` says that `raw` states no
    zone; `ambiguous` that day and month could be the other way round.
    """

    time: datetime | None
    raw: str
    precision: Precision = "second"
    zone_assumed: bool = False
    ambiguous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a comment replies to, who says so (markup or inference), and how sure that is (a probability)."""

    parent_id: str
    origin: Origin = "stated"
    method: str = "markup"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The text that the comments discuss."""

    id: str
    title: str
    text: str
    url: str | None = None
    author: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment; `link` None means that it replies to the post, `quotes` are spans of text that quote somebody."""

    id: str
    text: str
    author: str | None = None
    when: When | None = None
    link: Link | None = None
    quotes: tuple[Span, ...] = ()
    kind: Kind = "comment"
    status: Status = "shown"
    by_post_author: bool = False
    votes: int | None = None
    url: str | None = None

    @property
    def parent_id(self) -> str | None:
        """Id of the comment that this one replies to, None for the post."""
        return self.link.parent_id if self.link else None

    @property
    def parent_origin(self) -> Origin | None:
        """Whether the link to the parent is stated by the source or inferred; None where there is no link."""
        return self.link.origin if self.link else None

    @property
    def published(self) -> datetime | None:
        """Time of the comment (aware), None where it is unknown."""
        return self.when.time if self.when else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that a reader had to guess, repair or leave out."""

    code: str
    message: str
    comment_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A post and its comments, in the order of the source; `declared_count` is the number that the source announces."""

    id: str
    post: Post
    comments: tuple[Comment, ...]
    source: str
    reader: str
    declared_count: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Camp:
    """One answer to a scheme's proposition, and the side (`favor`, `against`, `none`) on which it stands."""

    name: str
    side: Side
    meaning: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A proposition and the camps that people fall into about it.

    `fitted` is the folder of a model that was fitted to it, None where there is none.
    """

    name: str
    title: str
    proposition: str
    camps: tuple[Camp, ...]
    fitted: str | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """Names of the camps, in the order of the scheme."""
        return tuple(camp.name for camp in self.camps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a classifier, or a person, says of one comment.

    `value` is None where it does not know, and `abstained` then says why. `probabilities` are calibrated and sum to
    one; `confidence` is the largest of them (0 where nothing could be computed). `coder` is the person whose label
    stands in the place of the classifier's.
    """

    comment_id: str
    task: str
    value: str | None
    confidence: float
    probabilities: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    abstained: str | None = None
    coder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredThread:
    """A thread with its labels; `models` maps a model's name to its version and checksum."""

    thread: Thread
    labels: tuple[Label, ...]
    scheme: str | None = None
    proposition: str | None = None
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that could not be read or scored: kept, never dropped."""

    source: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person says of one comment, with what he was shown.

    `mark` finds the comment again where its id has moved (`mending.mark`). `value` None takes back what the coder said
    before. `scheme` and `proposition` say what a stance is about; `parent` is the text of the comment answered, beside
    its id and author, `reason` why this comment was looked at.
    """

    thread_id: str
    comment_id: str
    mark: str
    task: str
    value: str | None
    coder: str
    when: datetime
    scheme: str | None = None
    proposition: str | None = None
    reason: str = "chosen"
    author: str | None = None
    text: str = ""
    parent: str = ""
    parent_id: str | None = None
    parent_author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """How a person mends what a reader made of a thread.

    A `split` begins a new comment, by `author`, at the character `at`; a `join` adds a comment to the one before it;
    `attach` makes it answer `parent_id`, None for the post.
    """

    thread_id: str
    kind: Mending
    comment_id: str
    mark: str
    coder: str
    when: datetime
    at: int | None = None
    author: str | None = None
    parent_id: str | None = None
    parent_mark: str | None = None
