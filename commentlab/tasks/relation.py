"""Relation: what a reply does with the comment that it answers, which is its context."""

from commentlab.models import linear
from commentlab.plugin import Classifier, Tier
from commentlab.records import Scheme

NAME = "relation"
VALUES = ("agree", "disagree", "query", "neutral")


def classifier(tier: Tier, scheme: Scheme | None) -> Classifier:  # noqa: ARG001 - one tier so far, and no scheme
    """Load the classifier; the linear model answers for every tier."""
    return linear.load(NAME)
