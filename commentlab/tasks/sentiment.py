"""Sentiment: the tone of the words of a comment."""

from commentlab.models import linear
from commentlab.plugin import Classifier, Tier
from commentlab.records import Scheme

NAME = "sentiment"
VALUES = ("negative", "neutral", "positive")


def classifier(tier: Tier, scheme: Scheme | None) -> Classifier:  # noqa: ARG001 - one tier so far, and no scheme
    """Load the classifier; the linear model answers for every tier."""
    return linear.load(NAME)
