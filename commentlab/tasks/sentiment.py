"""Sentiment: the tone of the words of a comment."""

from commentlab.models import heads
from commentlab.plugin import Classifier, Tier
from commentlab.records import Scheme

NAME = "sentiment"
VALUES = ("negative", "neutral", "positive")
CONTEXT = "mention"


def classifier(tier: Tier, scheme: Scheme | None) -> Classifier:  # noqa: ARG001 - schemes are for stance
    """Load the classifier of a tier."""
    return heads.choose(tier, NAME, NAME)
