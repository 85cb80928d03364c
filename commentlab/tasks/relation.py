"""Relation: what a reply does with the comment that it answers, which is its context."""

from commentlab.models import heads
from commentlab.plugin import Classifier, Tier
from commentlab.records import Scheme

NAME = "relation"
VALUES = ("agree", "disagree", "query", "neutral")
CONTEXT = "parent"


def classifier(tier: Tier, scheme: Scheme | None) -> Classifier:  # noqa: ARG001 - schemes are for stance
    """Load the classifier of a tier."""
    return heads.choose(tier, NAME, NAME)
