"""What a manager reads in the spreadsheet of figures."""

from __future__ import annotations

FIGURE_TITLES = {"figures": "Figures of the month", "figures_totals": "Figures of the month, totals"}
FIGURE_SHEETS = {
    "definitions": "Definitions",
    "units": "Units",
    "trend": "13-week trend",
    "lists": "Lists",
    "totals": "Totals",
}
DEFINITIONS_HEAD = ("Figure", "Counts", "Out of", "More")
UNITS_HEAD = ("Unit", "Figure", "Number", "Out of", "In words")
TREND_HEAD = ("Unit", "Figure")
BEHIND_HEAD = ("Unit", "Figure", "Family", "Is")
TOTALS_HEAD = ("Figure", "Number", "Out of")
MISSING, COUNTED = "missing", "counted"
SO_MANY_UNITS = "{count} units"
