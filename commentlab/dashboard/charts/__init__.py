"""The charts: tables of findings in, Altair out. Colours and words come from `wording` and `reporting.colours`."""

from commentlab.dashboard.charts.exchanges import exchanges
from commentlab.dashboard.charts.marks import MARK, Chart
from commentlab.dashboard.charts.network import network
from commentlab.dashboard.charts.places import Placed, place
from commentlab.dashboard.charts.shares import Of, shares
from commentlab.dashboard.charts.timeline import Measure, timeline

__all__ = ["MARK", "Chart", "Measure", "Of", "Placed", "exchanges", "network", "place", "shares", "timeline"]
