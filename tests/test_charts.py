"""The charts say what the findings say: their data is checked, and that a file of each can be made here."""

import re
from typing import Any

import networkx as nx
import pandas as pd
import pytest
import samples

from commentlab import insight
from commentlab.dashboard import charts, pictures
from commentlab.dashboard.charts.places import MOST
from commentlab.dashboard.parts.discussion import colours_of
from commentlab.frames import to_frames
from commentlab.insight import Findings

INK = "#23221f"


@pytest.fixture(scope="module")
def findings() -> Findings:
    return insight.findings(to_frames([samples.scored()]))


def data(chart: charts.Chart, *columns: str) -> list[dict[str, Any]]:
    """Return the rows of a chart's first table that has these columns."""
    tables = chart.to_dict()["datasets"].values()
    return next(rows for rows in tables if rows and set(columns) <= rows[0].keys())


@pytest.mark.parametrize("of", ["comments", "people"])
def test_shares_hold_every_camp_with_its_interval(findings: Findings, of: charts.Of) -> None:
    rows = data(charts.shares(findings.camps, of, colours_of(findings), INK), "share")
    assert [row["camp"] for row in rows][-1] == "unclear"
    assert all(row["low"] <= row["share"] <= row["high"] for row in rows)
    assert sum(row["number"] for row in rows) == {"comments": 6, "people": 3}[of]


@pytest.mark.parametrize("of", ["comments", "share"])
def test_a_timeline_draws_each_camp_on_its_own_row(findings: Findings, of: charts.Measure) -> None:
    rows = data(charts.timeline(findings.timeline, of, colours_of(findings), INK), "camp", "foot")
    assert {row["foot"] for row in rows} == {0, 1, 2, 3, 4}
    assert all(row["foot"] <= row["top"] < row["foot"] + 1 for row in rows)
    assert sum(row["comments"] for row in rows) == 6
    assert {(row["since"], row["until"]) for row in rows} == {("2012-10-01T11:00", "2012-10-01T12:00")}


@pytest.mark.parametrize("unit", ["hour", "day", "week", "month", "year"])
def test_periods_of_all_units_are_as_long_as_they_are(findings: Findings, unit: str) -> None:
    periods = findings.timeline.assign(unit=unit, start=pd.Timestamp("2012-01-01", tz="UTC"))
    rows = data(charts.timeline(periods, "comments", colours_of(findings), INK), "until")
    ends = {"hour": "2012-01-01T01", "day": "2012-01-02T00", "week": "2012-01-08T00", "month": "2012-02-01T00"}
    assert {row["until"] for row in rows} == {f"{ends.get(unit, '2013-01-01T00')}:00"}


def test_a_turn_is_marked(findings: Findings) -> None:
    turn = pd.Timestamp("2012-10-01T11:03", tz="UTC")
    chart = charts.timeline(findings.timeline, "comments", colours_of(findings), INK, turn)
    assert data(chart, "turn")[0]["turn"].startswith("2012-10-01T11:03")


def test_exchanges_count_each_answer_once(findings: Findings) -> None:
    chart = charts.exchanges(findings.exchanges, list(colours_of(findings)), INK)
    cells = data(chart, "split")
    told = {(row["parent_camp"], row["camp"]): row["split"] for row in cells if row["comments"]}
    assert told == {
        ("bluff", "credible threat"): "1 −",
        ("credible threat", "bluff"): "1 −",
        ("credible threat", "credible threat"): "1 +",
    }
    assert sum(row["comments"] for row in cells) == findings.exchanges["comments"].sum()
    parts = data(chart, "relation")
    assert all(row["start"] < row["end"] < int(row["start"]) + 1 for row in parts)


def graph(ties: dict[tuple[str, str], tuple[int, int, int]]) -> nx.DiGraph:
    rows = [("t", *pair, *counts) for pair, counts in ties.items()]
    names = ["thread_id", "author", "other", "replies", "agree", "disagree"]
    return insight.network(pd.DataFrame(rows, columns=names))


def test_a_network_has_fixed_places_and_signs() -> None:
    made = graph(
        {("Ann", "Ben"): (3, 0, 2), ("Ben", "Ann"): (1, 1, 0), ("Cat", "Ann"): (1, 0, 0), ("D", "E"): (1, 0, 0)}
    )
    made.add_node(("t", "Alone"), camp="bluff")
    placed, again = charts.place(made), charts.place(made)
    pd.testing.assert_frame_equal(placed.people, again.people)
    assert placed.people["author"].tolist() == ["Ann", "Ben", "Cat", "D", "E"]
    assert placed.people["answers"].tolist() == [5, 4, 1, 1, 1]
    assert placed.people[["x", "y"]].apply(lambda places: places.between(0, 1)).all(axis=None)
    assert placed.people[["x", "y"]].duplicated().sum() == 0
    assert dict(zip(placed.ties["author"], placed.ties["sign"], strict=True)) == {
        "Ann": "disagree",
        "Ben": "agree",
        "Cat": "other",
        "D": "other",
    }
    assert placed.others == ()


def test_a_big_network_names_who_is_not_drawn() -> None:
    placed = charts.place(graph({(f"P{number:03}", "Star"): (1, 0, 0) for number in range(100)}))
    assert len(placed.people) == MOST
    assert placed.people["author"].iloc[0] == "Star"
    assert len(placed.others) == 101 - MOST
    assert placed.people["wide"].sum() > placed.people["narrow"].sum() > 0


def test_nobody_who_answers_gives_an_empty_network() -> None:
    placed = charts.place(graph({}))
    assert placed.people.empty
    assert placed.ties.empty


def every(findings: Findings) -> dict[str, charts.Chart]:
    colours = colours_of(findings)
    placed = charts.place(insight.network(findings.ties))
    return {
        "shares": charts.shares(findings.camps, "people", colours, INK),
        "timeline": charts.timeline(findings.timeline, "share", colours, INK),
        "exchanges": charts.exchanges(findings.exchanges, list(colours), INK),
        "network": charts.network(placed, colours, INK, "#ffffff"),
    }


@pytest.mark.parametrize(
    ("name", "word"), [("shares", "bluff"), ("timeline", "bluff"), ("exchanges", "1 −"), ("network", "Ben")]
)
def test_every_chart_is_a_file_that_loads_nothing(findings: Findings, name: str, word: str) -> None:
    chart = every(findings)[name]
    svg = pictures.encode(chart, "svg").decode()
    assert word in svg
    addresses = set(re.findall(r"(?:https?:)?//[^\s\"'<>]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert pictures.encode(chart, "png").startswith(b"\x89PNG")


def test_hostile_names_stay_words(findings: Findings) -> None:
    name = "'];alert(1)//<script>\"\\"
    colours = {name: "#0072B2", "abstained": ""}
    exchanges = pd.DataFrame([(name, name, "agree", 2)], columns=["parent_camp", "camp", "relation", "comments"])
    svg = pictures.encode(charts.exchanges(exchanges, [name], INK), "svg").decode()
    assert "<script>" not in svg
    placed = charts.place(graph({(name, "Ben"): (1, 0, 0)}))
    assert "<script>" not in pictures.encode(charts.network(placed, colours, INK, "#ffffff"), "svg").decode()
