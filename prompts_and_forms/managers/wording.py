"""What managers read: each figure's name and how it is counted, and the sentences around them."""

from __future__ import annotations

from dataclasses import dataclass

OF = "{count} of {of}"
NONE_TO_COUNT = "none to count"
TOO_FEW = "{name} not shown: {over} so far, and it needs {least}"
ONE_TO_FIVE = "1 to 5"
HIDDEN = "hidden"


@dataclass(frozen=True)
class Meaning:
    """`name` as it is listed; `counts` and `of` are the numerator and the denominator in words, `more` what else to
    know. `plain`: a number by itself, of nothing. `gap`: the families listed are those that are missing.
    """

    name: str
    counts: str
    of: str
    more: str = ""
    plain: bool = False
    gap: bool = False


MEANINGS = {
    "discussed_week": Meaning(
        "Discussed this week",
        "open families discussed in the 7 days up to yesterday",
        "open families that came to the unit at least 7 days ago",
        "A family whose day of allocation is not recorded is in neither.",
        gap=True,
    ),
    "full_discussion": Meaning(
        "Full discussion in six weeks",
        "open families with a full discussion in the 42 days up to yesterday",
        "open families that came to the unit at least 42 days ago",
        gap=True,
    ),
    "drift": Meaning(
        "Standing still",
        "child in need and complex child in need families with no full discussion, visit or finished action for the "
        "time the unit has set (six weeks unless it chose otherwise)",
        "those families of which any such day is known",
        "Families of which nothing is known are shown beside it.",
    ),
    "reviews_late": Meaning(
        "Reviews late now",
        "reviews past the day that was booked or the last day the rule allows, whichever is first",
        "",
        "By kind, the one that waits longest first. Visits and supervision have figures of their own.",
        plain=True,
    ),
    "reviews_on_time": Meaning(
        "Reviews on time",
        "reviews held on or before the last day the rule allows",
        "reviews that fell due in the last 90 days, held or not",
        "Conferences, core groups, child in need and complex child in need reviews, reviews of children who are looked "
        "after, and the manager's look at a long plan.",
        gap=True,
    ),
    "children_seen": Meaning(
        "Children seen in time",
        "children who were seen and whose next visit is not overdue",
        "children for whom a visiting interval is known",
        "A child nobody has seen yet is not counted as seen. Children without an interval are shown beside it.",
        gap=True,
    ),
    "caseload": Meaning(
        "Clinical work that is open",
        "pieces of clinical work with open families that are not closed, by where they are on the pathway",
        "",
        plain=True,
    ),
    "throughput": Meaning(
        "Clinical work begun and ended",
        "pieces of clinical work begun in the last 13 weeks",
        "",
        "Beside it: those that ended, and the median weeks from consultation to first session where at least ten had "
        "their first session in these weeks.",
        plain=True,
    ),
    "tracking": Meaning(
        "Tracking form",
        "lines of the last 13 weeks, by kind, method and theme, each with the families they are about",
        "",
        "Without lines that were taken out and without supervision.",
        plain=True,
    ),
    "assessment": Meaning(
        "Assessments signed",
        "open pieces of work with a session whose assessment has both signatures",
        "open pieces of work with at least one session",
        gap=True,
    ),
    "six_sessions": Meaning(
        "Reviews after six sessions",
        "rounds of six sessions whose review was held before the seventh",
        "rounds of open work that reached six sessions since the last review",
        "Six, unless something else was agreed for the piece of work.",
        gap=True,
    ),
    "sdq_start": Meaning(
        "First SDQ in time",
        "SDQs of the start that came back within 14 days of the first session",
        "SDQs expected at the start of open work whose first session was at least 14 days ago",
        "School forms without permission are left out. Those, and forms with a reason why not, are shown beside it.",
        gap=True,
    ),
    "sdq_pairs": Meaning(
        "SDQ pairs",
        "SDQs of the start with their partner of the end: the same child, informant and form",
        "pairs expected of work that ended in the last 13 weeks",
        "Pairs with a reason why not, school forms without permission, ages without a form, and those simply missing "
        "are shown beside it.",
        gap=True,
    ),
    "sdq_change": Meaning(
        "Change in the SDQ",
        "pairs of the last 13 weeks by how each scale changed, as parents and young people said",
        "",
        "Reliable change by the agreed thresholds; the total has none. The added value is an average over all parent "
        "pairs four to eight months apart, and needs ten.",
        plain=True,
    ),
    "chi_esq": Meaning(
        "CHI-ESQ returned",
        "CHI-ESQs that came back",
        "CHI-ESQs expected at the end of work that ended in the last 13 weeks",
        gap=True,
    ),
    "supervision": Meaning(
        "Supervision in the past month",
        "clinicians who had supervision in the past month",
        "clinicians of the unit who were not on leave for all of it",
    ),
    "actions_overdue": Meaning(
        "Actions overdue",
        "open actions whose day has passed",
        "open actions",
        "By unit, never by person.",
    ),
    "actions_carried": Meaning(
        "Actions carried over twice or more",
        "open actions that were carried over at least twice",
        "open actions",
        "By unit, never by person.",
    ),
    "agreements": Meaning(
        "Agreements that wait for a side",
        "agreements with a side missing for more than 5 working days",
        "agreements that wait for a side",
    ),
    "not_copied": Meaning(
        "Not in the case file yet",
        "records confirmed more than 2 working days ago and not copied to the case file",
        "records confirmed more than 2 working days ago, in the last 13 weeks",
    ),
    "ccin_flow": Meaning(
        "Complex child in need: reviews and moves",
        "reviews held within three months and chaired by the team manager",
        "reviews that fell due in the last 13 weeks",
        "Beside it, in the same weeks: families that entered, went up (child protection, or court and care), went "
        "down, were closed, and those still in.",
    ),
}

PARTS = {
    "nothing_known": "nothing known",
    "no_interval": "no interval set",
    "begun": "begun",
    "ended": "ended",
    "families": "families",
    "reason": "reason given",
    "school": "school, without permission",
    "no_form": "no form for that age",
    "missing": "missing",
    "entered": "entered",
    "up": "went up",
    "down": "went down",
    "closed": "closed",
    "still_in": "still in",
    "better": "better",
    "same": "no reliable change",
    "worse": "worse",
}
MEDIAN = "median {value} weeks from consultation to first session, over {over}"
MEDIAN_NAME = "median weeks from consultation to first session"
ADDED_VALUE = "added value {value} points, over {over} pairs"
ADDED_VALUE_NAME = "added value"
LONGEST = "longest wait, {kind}"
WAITS = "{kind}: {count}, longest {days}"
COUNTS = "It counts {counts}."
OUT_OF = "Out of {of}."

# ---- the card

NOTICE = "Figures"
TITLE = "Figures of {unit}"
TITLE_TOGETHER = "Figures of your {count} units together"
HOW_TO_READ = (
    "Each number says how many of how many; percentages begin at ten. Families closed to you are in none of them."
)
HEAD = ("Figure", "Today", "A week ago")
TABLE_WORDS = "{count} figures, today and a week ago."
NOT_BACKWARDS = "today only"
WEEK_AGO = "; a week ago {number}"
CHART = "Discussed in a week"
CHART_DISCUSSED, CHART_FAMILIES = "discussed", "families"
CHART_WORDS = "In the last 13 weeks between {least} and {most} families were discussed in a week; now it is {now}."
WHAT_IT_MEANS = "What does it mean?"
FAMILIES_BEHIND = "Families behind a number"
THESE = "{figure}: these families."
THE_GAP = "{figure}: these families are missing."
NO_FAMILIES = "No family is behind this number."
AS_A_SPREADSHEET = "As a spreadsheet"
TOTALS_ALONE = "Totals for the head of service"
ONE_UNIT = "One unit"
NOT_A_MANAGER = (
    "These figures are for the unit's managers. /nudges week shows the unit's lead and coordinator what is due."
)
NO_UNIT = (
    "You are linked to no unit as a manager, so there are no figures for you. A unit's coordinator adds you with /unit."
)
GONE = "I no longer know that figure. Nothing was changed."
CASELOAD_OF = "Caseload of {who}"
WHOSE_CASELOAD = "One clinician's caseload"
CASELOAD_WHY = "Shown to the clinician and their clinical manager, one at a time, to talk about capacity."
TOTALS_FOR = "The totals for a head of service are made by a group manager. Please ask one of them."

# ---- the message of the week

WEEKLY_NOTICE = "Your units this week"
NEEDS_YOU = "Needs you"
NOTHING_NEEDS_YOU = "Nothing needs you this week."
AND_MORE = {1: "One more is on your Home tab."}
AND_SO_MANY_MORE = "{count} more are on your Home tab."
CONFIRM_ALLOCATION = "agreed, and waits for you to confirm who does the work."
YOUR_STEP = "views differ, and it is at your step."
TIER_3 = "urgent referral to Tier 3 without a plan yet."
RISK_ANSWER = "an answer in a questionnaire needs somebody to read it."
ALL_FIGURES = "All figures"
WHEN = "When this comes"
WHEN_KEPT = "Saved. It comes on {day} at {at}."
WHEN_NEVER = "Saved. It does not come any more. Home and /nudges still show what needs you."
NEVER = "Not at all"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TIMES = ("07:30", "08:30", "12:00", "15:00")
WHEN_CHOICE = "{day} at {at}"

SHEET_EACH_MONTH = "Send the spreadsheet each month"
NO_SHEET_EACH_MONTH = "No spreadsheet each month"
SHEET_COMES = "Saved. The spreadsheet comes on the first working day of each month."
SHEET_COMES_NOT = "Saved. It does not come by itself any more. “As a spreadsheet” makes one when you want it."


def more_words(count: int) -> str:
    """How many things that need somebody are not in the message."""
    return AND_MORE.get(count) or AND_SO_MANY_MORE.format(count=count)
