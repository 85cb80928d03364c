"""The transformers keep scikit-learn's contract, in a real pipeline."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from test_batch import PAGE

import commentlab as cl
from commentlab.pipeline import CommentLabels, ThreadShapes

WARM = ["I love this, thank you so much!", "What a lovely, helpful post.", "Great news, I am so glad.", "Well done!"]
COLD = ["This is awful and stupid.", "I hate every word of it.", "What a terrible, ugly idea.", "Shame on all of you."]
TEXTS, KIND = WARM + COLD, ["warm"] * 4 + ["cold"] * 4


def test_labels_are_features_of_a_pipeline() -> None:
    model = make_pipeline(CommentLabels(tasks=["sentiment"]), LogisticRegression())
    assert cross_val_score(model, TEXTS, KIND, cv=2).mean() > 0.8
    model.fit(TEXTS, KIND)
    assert list(model.predict(["I am delighted, many thanks.", "You are all horrible."])) == ["warm", "cold"]
    search = GridSearchCV(model, {"commentlabels__tasks": [["sentiment"]]}, cv=2).fit(TEXTS, KIND)
    assert search.best_params_ == {"commentlabels__tasks": ["sentiment"]}


def test_the_columns_are_those_of_score_frame() -> None:
    table = pd.DataFrame({"body": ["I disagree, they will.", "", "No."], "answers": ["They never will.", "Yes.", ""]})
    table.index = pd.Index([7, 3, 3])
    labels = CommentLabels("body", "answers", scheme="threat").set_output(transform="pandas")
    found = labels.fit_transform(table)
    expected = cl.score_frame(table, "body", "answers", scheme="threat", tier="fast")
    assert list(found.columns) == [name for name in expected if "_p_" in name] == list(labels.get_feature_names_out())
    assert list(found.index) == [7, 3, 3]
    pd.testing.assert_frame_equal(found, expected[found.columns].fillna(0.0).astype("float64"))
    assert found.iloc[2].filter(like="relation").sum() == 0
    assert np.allclose(found.iloc[:2].filter(like="relation").sum(axis=1), 1)


def test_a_column_of_a_table() -> None:
    table = pd.DataFrame({"length": [1.0] * 8, "text": TEXTS})
    columns = make_column_transformer((CommentLabels(), "text"), remainder="passthrough")
    found = columns.set_output(transform="pandas").fit_transform(table)
    assert list(found) == [
        *(f"commentlabels__sentiment_p_{v}" for v in ("negative", "neutral", "positive")),
        "remainder__length",
    ]


def test_the_contract() -> None:
    given: dict[str, Any] = {
        "text": "body",
        "parent": "answers",
        "scheme": "threat",
        "tasks": ["stance"],
        "tier": "auto",
    }
    labels = CommentLabels(**given)
    assert given.items() <= clone(labels).get_params().items()
    assert labels.set_params(tier="fast").tier == "fast"
    with pytest.raises(NotFittedError):
        labels.transform(TEXTS)
    with pytest.raises(cl.OptionError, match="texts alone have no column 'answers'"):
        labels.fit(TEXTS)
    with pytest.raises(cl.OptionError, match="no column 'answers'; there are body"):
        labels.fit(pd.DataFrame({"body": TEXTS}))
    with pytest.raises(cl.OptionError, match="unknown scheme"):
        CommentLabels(scheme="nonsense").fit(TEXTS)


def test_shapes_of_threads(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.txt").write_text(PAGE.format(number=number), encoding="utf-8")
    threads = cl.read(tmp_path)
    found = clone(ThreadShapes()).set_output(transform="pandas").fit_transform(threads)
    assert found[["size", "depth"]].to_numpy().tolist() == [[2, 2], [2, 2]]
    assert ThreadShapes().transform([]).shape == (0, found.shape[1])
