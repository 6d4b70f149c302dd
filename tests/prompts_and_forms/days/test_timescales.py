"""Due dates by the rules in force, and the file they come from."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.timescale_file import OWN_FILE, RuleBook, RuleFault, own_rules, read_rules
from prompts_and_forms.days.timescales import Due, Kind, Rule, Rules, Unit, due, due_by_sessions, months_later
from prompts_and_forms.days.working_days import (
    after_working_days,
    is_working_day,
    on_or_after,
    on_or_before,
    working_days_between,
)

VECTORS = Path(__file__).parents[1] / "vectors"
LONDON = ZoneInfo("Europe/London")
DAYS = st.dates(date(2022, 1, 1), date(2030, 12, 31))


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("timescale_vectors.csv"), ids=lambda row: row["id"])
def test_worked_examples_of_due_dates(row: dict[str, str]) -> None:
    found = own_rules().due(row["rule_id"], date.fromisoformat(row["start"]))
    assert found is not None
    assert found.on == date.fromisoformat(row["expected_due"])
    assert f"{found.on:%a}" == row["weekday"]
    assert found.plan_by == date.fromisoformat(row["plan_by"])


def test_the_calendar_knows_the_bank_holidays_of_england() -> None:
    listed = {date.fromisoformat(row["date"]) for row in rows("bank_holidays_england.csv")}
    first, last = min(listed).year, max(listed).year
    weekdays = [date(first, 1, 1) + timedelta(days=n) for n in range((date(last, 12, 31) - date(first, 1, 1)).days + 1)]
    found = {day for day in weekdays if day.weekday() < 5 and not is_working_day(day)}
    assert found == listed


@given(DAYS, st.integers(0, 60))
def test_a_due_date_in_working_days_has_exactly_that_many_working_days_before_it(start: date, count: int) -> None:
    end = after_working_days(start, count)
    assert working_days_between(start, end) == count
    assert count == 0 or is_working_day(end)


@given(DAYS, st.integers(1, 60))
def test_counting_back_lands_on_a_working_day_with_as_many_between(start: date, count: int) -> None:
    back = after_working_days(start, -count)
    assert is_working_day(back)
    assert sum(is_working_day(back + timedelta(days=n)) for n in range((start - back).days)) == count


@given(DAYS)
def test_a_plan_by_day_is_a_working_day_not_after_the_due_day(day: date) -> None:
    assert is_working_day(on_or_before(day))
    assert on_or_before(day) <= day <= on_or_after(day)
    assert is_working_day(on_or_after(day))


@given(DAYS, st.integers(-30, 30))
def test_months_keep_the_day_or_end_with_the_month(day: date, count: int) -> None:
    later = months_later(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or ((later + timedelta(days=1)).day == 1 and later.day < day.day)


NOT_IN_FORCE = {"fgdm_offer", "abuse_report"}


@given(DAYS, st.sampled_from(own_rules().ids()))
def test_a_rule_that_is_not_in_force_is_known_and_gives_no_date(start: date, rule_id: str) -> None:
    (rule, *_older) = own_rules().editions(rule_id)
    assert rule.in_force is (rule_id not in NOT_IN_FORCE)
    assert rule.in_force or own_rules().due(rule_id, start) is None


def test_a_council_puts_a_rule_in_force_in_its_own_copy(tmp_path: Path) -> None:
    own = tmp_path / "timescales.yaml"
    own.write_text(OWN_FILE.read_text("utf-8").replace("    in_force: false\n", ""), "utf-8")
    for rule_id in NOT_IN_FORCE:
        found, known = read_rules(own).due(rule_id, date(2026, 3, 2)), own_rules().editions(rule_id)
        assert found is not None
        assert [found.rule.edition] == [rule.edition for rule in known]


@given(DAYS, st.sampled_from(sorted({*own_rules().ids()} - NOT_IN_FORCE)))
def test_every_rule_answers_for_every_day(start: date, rule_id: str) -> None:
    found = own_rules().due(rule_id, start)
    assert found is not None
    if found.on is None:
        assert found.plan_by is None
        assert found.rule.limit is None or found.rule.unit is Unit.SESSIONS
    else:
        assert found.plan_by is not None
        assert found.plan_by <= found.on
        assert found.plan_by >= start or found.rule.limit is None or found.rule.limit < 0


def test_a_strategy_discussion_is_now_and_never_a_date() -> None:
    found = own_rules().due("strategy_discussion", date(2026, 3, 2))
    assert found is not None
    assert (found.on, found.plan_by, found.rule.kind) == (None, None, Kind.NOW)
    assert "now" in found.rule.in_words()


def test_three_working_days_before_a_conference_on_the_tuesday_after_easter() -> None:
    found = own_rules().due("rcpc_report_to_family", date(2026, 4, 7))
    assert found is not None
    assert found.on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 3, 28, 10, 0, tzinfo=LONDON), datetime(2026, 3, 31, 11, 0, tzinfo=LONDON)),
        (datetime(2026, 10, 24, 10, 0, tzinfo=LONDON), datetime(2026, 10, 27, 9, 0, tzinfo=LONDON)),
    ],
)
def test_hours_are_real_hours_on_the_nights_the_clocks_change(start: datetime, end: datetime) -> None:
    found = own_rules().due("emergency_police_72h", start, LONDON)
    assert found is not None
    assert found.at == end
    assert found.at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=72)


def test_the_day_of_a_start_is_the_day_in_the_units_own_zone() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    found = own_rules().due("lac_visit_1w", late, LONDON)
    assert found is not None
    assert (found.start, found.on) == (date(2026, 7, 2), date(2026, 7, 9))


class TestSessions:
    @property
    def rule(self) -> Rule:
        rule = own_rules().rule("clin_review_6", date(2026, 1, 1))
        assert rule is not None
        return rule

    def test_five_sessions_give_no_date(self) -> None:
        assert due_by_sessions(self.rule, [date(2026, 1, n) for n in range(1, 6)]) is None

    def test_the_sixth_session_is_the_due_day(self) -> None:
        found = due_by_sessions(self.rule, [date(2026, 1, n) for n in (9, 1, 2, 3, 4, 5, 20)])
        assert found is not None
        assert found.on == date(2026, 1, 9)

    def test_after_a_review_counting_starts_again(self) -> None:
        held = [date(2026, 1, n) for n in range(1, 10)]
        assert due_by_sessions(self.rule, held, since=date(2026, 1, 6)) is None


class TestARuleThatChanges:
    OLD = Rule(
        id="core", area="cp", duty="core group", starts="conference", limit=10, unit=Unit.WORKING_DAYS, kind=Kind.MAX,
        status="guidance", until=date(2026, 6, 30),
    )  # fmt: skip
    NEW = OLD.model_copy(update={"limit": 15, "from_": date(2026, 7, 1), "until": None})

    def test_the_day_the_clock_starts_decides(self) -> None:
        rules = Rules([self.OLD, self.NEW])
        assert _on(rules.due("core", date(2026, 6, 30))) == date(2026, 7, 14)
        assert _on(rules.due("core", date(2026, 7, 1))) == date(2026, 7, 22)

    def test_each_edition_has_its_own_mark(self) -> None:
        assert self.OLD.edition != self.NEW.edition
        assert self.OLD.edition == self.OLD.model_copy().edition


def _on(found: Due | None) -> date | None:
    assert found is not None
    return found.on


class TestTheFile:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Iterator[Path]:
        path = tmp_path / "timescales.yaml"
        path.write_text(OWN_FILE.read_text("utf-8"), "utf-8")
        yield path
        timescale_file.use(OWN_FILE)

    def change(self, path: Path, old: str, new: str) -> int:
        """Edits the file as a person would, and answers the line of the change."""
        text = path.read_text("utf-8")
        assert old in text
        line = text[: text.index(old)].count("\n") + 1
        path.write_text(text.replace(old, new, 1), "utf-8")
        os.utime(path, ns=(line, path.stat().st_mtime_ns + 1_000_000))
        return line

    def test_every_rule_says_its_source_and_status(self) -> None:
        for rule_id in own_rules().ids():
            for rule in own_rules().editions(rule_id):
                assert rule.source
                assert rule.in_words().endswith(").")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("limit: 45", "limit: forty-five"),
            ("unit: working_days", "unit: bank_days"),
            ("status: guidance", "status: law"),
            ("kind: max", "kinds: max"),
            ('duty: "complete', 'duty: "complete" the'),
        ],
    )
    def test_a_broken_file_names_its_line_and_the_old_rules_stay(self, path: Path, old: str, new: str) -> None:
        book = RuleBook(path)
        before = book.rules()
        line = self.change(path, old, new)
        assert book.rules() is before
        assert f"timescales.yaml, line {line}:" in book.trouble
        assert "stay in force" in book.trouble

    def test_a_mended_file_is_read_again(self, path: Path) -> None:
        book = RuleBook(path)
        self.change(path, "limit: 45", "limit: x")
        book.rules()
        self.change(path, "limit: x", "limit: 40")
        assert book.trouble
        found = book.rules().due("assessment_45wd", date(2026, 3, 2))
        assert book.trouble == ""
        assert found is not None
        assert found.rule.limit == 40

    def test_a_file_broken_from_the_start_leaves_the_rules_of_the_bot(self, path: Path) -> None:
        self.change(path, "rules:", "rules: [")
        book = timescale_file.use(path)
        assert "assessment_45wd" in timescale_file.rules()
        assert "come with the bot" in book.trouble

    def test_a_file_that_is_gone_changes_nothing(self, path: Path) -> None:
        book = RuleBook(path)
        before = book.rules()
        path.unlink()
        assert book.rules() is before
        assert "line 1: There is no such file. " in book.trouble

    def test_two_editions_for_the_same_days_are_refused(self, path: Path) -> None:
        self.change(path, "  - id: assessment_45wd", "  - id: referral_decision")
        with pytest.raises(RuleFault, match="two editions"):
            read_rules(path)


def test_a_list_of_bank_holidays_that_runs_out_is_said_a_year_before() -> None:
    rules = own_rules()
    assert rules.confirmed_until is not None
    assert rules.warning(rules.confirmed_until - timedelta(days=400)) == ""
    assert "ends on" in rules.warning(rules.confirmed_until - timedelta(days=300))
    assert "ended on" in rules.warning(rules.confirmed_until + timedelta(days=1))


def test_a_limit_needs_a_unit() -> None:
    with pytest.raises(ValueError, match="unit"):
        Rule(id="x", area="a", duty="d", starts="s", limit=3, kind=Kind.MAX, status="local")


def test_due_of_a_zero_day_rule_is_the_day_itself_even_on_a_sunday() -> None:
    rule = own_rules().rule("sdq_first", date(2026, 3, 1))
    assert rule is not None
    found = due(rule, date(2026, 3, 1))
    assert (found.on, found.plan_by) == (date(2026, 3, 1), date(2026, 3, 1))
