"""Recording questionnaires: what is kept, what is shown, what is refused, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.documents.asked import wish
from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.card import Card, Chart, Menu, Table
from storage.database.bodies import MeasureBody
from storage.database.tables import Child, Family
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.measures import planned as measures_planned
from tests.worlds.in_memory import buttons_of, menus_of, text_of
from tests.worlds.measuring import SCORES, enter, permission, sdq
from tests.worlds.records_world import TODAY, Room, other_unit_with_family


def shown(answer: Answer) -> Card:
    assert isinstance(answer, Done | Note), answer
    card = answer.note if isinstance(answer, Done) else answer.card
    assert card is not None
    return card


def faults(answer: Answer) -> dict[str, str]:
    assert isinstance(answer, Wrong), answer
    return answer.errors


def results(room: Room, ref: str = "K3107C") -> list[tuple[Measure, MeasureBody]]:
    with room.reading() as session:
        return [(row, measures.body(session, row)) for row in measures.of_family(session, room.family(ref))]


def newest(room: Room, ref: str = "K3107C") -> tuple[Measure, MeasureBody]:
    return max(results(room, ref), key=lambda pair: pair[0].recorded_at)


def child(room: Room, ref: str, key: str) -> Child:
    with room.reading() as session:
        return next(row for row, body in families.children(session, room.family(ref)) if body.key == key)


def grown_up(room: Room, turned_18: int) -> None:
    """The eldest child of K3107C was 17 when the family came, and turned 18 on that day."""
    with room.db.write() as session:
        for row, body in families.children(session, room.family("K3107C")):
            if body.key == "K3107C-1":
                grown = {"age": 17, "turns_18": TODAY + timedelta(days=turned_18)}
                families.keep_child(session, room.family("K3107C"), body.model_copy(update=grown), row)


def table_of(card: Card) -> Table:
    return next(block for block in card.blocks if isinstance(block, Table))


class TestUnitFiles:
    def test_the_sample_units_questionnaires_are_kept_as_results(self, room: Room) -> None:
        found = sorted(results(room), key=lambda pair: pair[0].slug)
        assert [(row.slug, row.measure, row.form, row.point) for row, _ in found] == [
            ("s01", "SDQ", "parent_4_17", "start"),
            ("s02", "SDQ", "teacher_4_17", "start"),
            ("s03", "SDQ", "parent_4_17", "start"),
        ]
        assert found[0][1].informant == "AD"
        assert found[0][1].scores["total"] == 20
        assert found[0][0].completed_on is not None


class TestAnSdq:
    def test_it_is_kept_and_shown_in_words_and_numbers(self, room: Room) -> None:
        card = shown(enter(room, sdq(room)))
        row, body = newest(room)
        assert (row.measure, row.form, row.point, row.state) == ("SDQ", "parent_4_17", "end", "kept")
        assert (body.scores["total"], body.scores["externalising"], body.scores["internalising"]) == (12, 8, 4)
        said = text_of(card)
        assert "Total difficulties 12 of 40 (close to average), impact 2 of 10 (high)." in said
        assert "not a diagnosis" in said

    def test_the_change_is_against_the_first_of_the_same_person_and_form(self, room: Room) -> None:
        card = shown(enter(room, sdq(room)))
        rows = {row[0]: row for row in table_of(card).rows}
        assert rows["Total difficulties"][3:] == ("20", "8 lower, better: no agreed threshold")
        assert rows["Emotional"][3:] == ("6", "2 lower, better: no reliable change")
        assert rows["Peer"][3:] == ("3", "3 lower, better: reliable improvement")
        assert rows["Prosocial (high is good)"][3:] == ("7", "1 higher, better: no reliable change")
        chart = next(block for block in card.blocks if isinstance(block, Chart))
        assert chart.series[0] == ("Total difficulties", (20.0, 12.0))
        assert chart.words.startswith("Total difficulties: 20 on 8 Oct 2026, then 12 on 16 Nov 2026. Impact:")
        assert rows["Externalising"][3:] == ("11", "3 lower, better: no agreed threshold")

    def test_it_can_be_had_on_paper_by_those_of_the_unit(self, room: Room) -> None:
        card = shown(enter(room, sdq(room)))
        pdf = next(one for one in buttons_of(card) if one.action == "document.pdf")
        room.press("tomasz", pdf.action, **pdf.args)
        (key,) = room.messages(f"file:measure/{newest(room)[0].id}/pdf/")
        with room.reading() as session:
            wanted = wish(session, key, room.now)
        assert wanted is not None
        assert wanted.title == "Strengths and Difficulties Questionnaire (SDQ)"
        assert wanted.subject == "Family K3107C, Kestrel Unit, 16 November 2026"
        other_unit_with_family(room, "H1000A")
        assert isinstance(room.press("ida", pdf.action, **pdf.args), Note)
        assert len(room.messages("file:")) == 1

    def test_somebody_elses_form_is_not_compared(self, room: Room) -> None:
        card = shown(enter(room, sdq(room, informant="VD")))
        assert table_of(card).rows[0] == ("Scale", "Score", "In words")
        assert "first result of this informant" in table_of(card).words

    def test_a_missing_scale_stays_missing_and_gives_no_total(self, room: Room) -> None:
        said = text_of(shown(enter(room, sdq(room, peer=None, impact=None))))
        assert newest(room)[1].scores["total"] is None
        assert "Total difficulties missing, impact missing." in said

    def test_nought_is_kept_as_nought(self, room: Room) -> None:
        enter(room, sdq(room, peer=0))
        assert newest(room)[1].scores["peer"] == 0

    def test_no_bands_are_shown_where_there_are_none(self, room: Room) -> None:
        permission(room, "K3107C", status="signed", scope=["nursery"])
        answers = sdq(room, child="K3107C-3", version="teacher_2_4", informant="nursery", point="start")
        card = shown(enter(room, answers))
        assert {row[2] for row in table_of(card).rows[1:]} == {""}
        assert "There are no bands for this form" in text_of(card)

    def test_incomplete_impact_is_said(self, room: Room) -> None:
        assert "impact answers were left blank" in text_of(shown(enter(room, sdq(room, impact_incomplete=True))))

    def test_it_settles_its_line_of_the_plan(self, room: Room) -> None:
        little = child(room, "K3107C", "K3107C-3").id
        line = {"child": little, "version": "parent_2_4", "point": "start"}
        asked = room.press("tomasz", "form.open", form="measure_sdq", family=room.family("K3107C"), **line)
        assert isinstance(asked, Ask)
        values = {field.key: field.value for field in asked.view.fields}
        assert (values["child"], values["version"], values["point"], values["informant"]) == (
            "K3107C-3",
            "parent_2_4",
            "start",
            "AD",
        )
        room.hand_in("tomasz", asked, {**SCORES, "completed": room.day(0)})
        with room.reading() as session:
            family = session.get_one(Family, room.family("K3107C"))
            planned = measures_planned.of_family(session, family, room.now.date())
        assert next(one.state for one in planned if one.child == little) == "done"


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("change", "field", "words"),
        [
            ({"conduct": 11}, "conduct", "between 0 and 10"),
            ({"total": 19}, "total", "add up to 12"),
            ({"peer": None, "total": 12}, "total", "all four scales"),
            ({"version": "self_11_17"}, "version", "ages 11 to 17"),
            ({"completed": 3}, "completed", "to come"),
            ({"completed": -60}, "completed", "before the first one"),
            ({"completed": -40, "point": "during"}, "completed", "already saved for that day"),
            (dict.fromkeys(SCORES), "emotional", "no score"),
            ({"version": "teacher_4_17", "informant": "class teacher", "impact": 7}, "impact", "between 0 and 6"),
        ],
    )
    def test_a_sentence_stands_beside_the_field_and_nothing_is_kept(
        self, room: Room, change: dict[str, Any], field: str, words: str
    ) -> None:
        days = change.get("completed")
        answers = sdq(room, **{**change, **({"completed": room.day(days)} if isinstance(days, int) else {})})
        assert words in faults(enter(room, answers))[field]
        assert len(results(room)) == 3

    def test_a_form_filled_in_before_a_birthday_and_entered_after_it_is_taken(self, room: Room) -> None:
        grown_up(room, turned_18=-10)
        shown(enter(room, sdq(room, completed=room.day(-12))))
        assert "18" in faults(enter(room, sdq(room, completed=room.day(-5))))["version"]
        shown(enter(room, sdq(room, completed=room.day(-5), version="informant_18")))

    def test_the_family_page_says_the_age_of_today(self, room: Room) -> None:
        grown_up(room, turned_18=-10)
        said = text_of(shown(room.press("tomasz", "family.show", family=room.family("K3107C"))))
        assert "18 years" in said
        assert "17 years" not in said

    def test_school_needs_permission_to_share(self, room: Room) -> None:
        permission(room, "K3107C", status="part_signed", scope=["school"])
        answers = sdq(room, version="teacher_4_17", informant="class teacher")
        assert "Permission to share" in faults(enter(room, answers))["version"]

    def test_item_numbers_need_a_licence(self, room: Room) -> None:
        answer = room.press("tomasz", "form.open", form="measure_sdq_items", family=room.family("K3107C"))
        assert "recorded its licence" in text_of(shown(answer))

    def test_somebody_of_another_unit_learns_nothing(self, room: Room) -> None:
        row = results(room)[0][0]
        with room.db.write() as session:
            session.get_one(Measure, row.id)
        answer = room.press("graham", "measure.show", measure="0" * 32)
        assert "no longer know" in text_of(shown(answer))


class TestALicence:
    def test_once_recorded_items_are_scored(self, room: Room) -> None:
        asked = room.command("pippa", "/measure", "licence")
        room.hand_in("pippa", asked, {"measure": "SDQ", "reference": "letter of May", "from": room.day(-5)})
        items = {f"i{n}": 1 for n in range(1, 26)}
        answers = {key: value for key, value in sdq(room).items() if key not in SCORES}
        card = shown(enter(room, {**answers, **items, "overall": 0}, "measure_sdq_items"))
        body = newest(room)[1]
        assert (body.scores["total"], body.scores["impact"]) == (20, 0)
        assert body.answers["i7"] == 1
        assert "Total difficulties 20 of 40 (very high), impact 0 of 10 (close to average)." in text_of(card)

    def test_only_those_who_arrange_the_unit_record_one(self, room: Room) -> None:
        assert "coordinator" in text_of(shown(room.command("marisol", "/measure", "licence")))


class TestCorrecting:
    def test_a_corrected_result_takes_the_place_of_the_earlier_one(self, room: Room) -> None:
        card = shown(enter(room, sdq(room)))
        correct = next(button for button in buttons_of(card) if button.label == "Correct")
        asked = room.press("tomasz", correct.action, **correct.args)
        values = {field.key: field.value for field in asked.view.fields} if isinstance(asked, Ask) else {}
        assert values["conduct"] == "3"
        room.hand_in("tomasz", asked, {"conduct": 4})
        found = [body.scores["conduct"] for row, body in results(room) if row.point == "end"]
        assert found == [4]
        with room.reading() as session:
            every = measures.of_family(session, room.family("K3107C"), replaced_too=True)
        assert sum(row.point == "end" for row in every) == 2
        assert "corrected since" in text_of(shown(room.press("tomasz", correct.action, **correct.args)))


class TestOtherQuestionnaires:
    def fill(self, room: Room, version: str, **more: Any) -> dict[str, Any]:
        return {
            "child": "K4419D-1",
            "version": version,
            "informant": "EP",
            "completed": room.day(-2),
            "point": "start",
            **more,
        }

    def test_an_outcome_rating_adds_up_its_marks(self, room: Room) -> None:
        marks = {f"mark_{n}": text for n, text in enumerate(["6.1", "7", "5.5", "8.2"], start=1)}
        card = shown(enter(room, self.fill(room, "young_person", **marks), "measure_ors", ref="K4419D"))
        assert "Total 26.8 of 40, below the usual cut-off" in text_of(card)

    def test_marks_and_total_must_agree(self, room: Room) -> None:
        marks = {f"mark_{n}": "5" for n in range(1, 5)}
        answers = self.fill(room, "young_person", **marks, total="21")
        assert "two that differ" in faults(enter(room, answers, "measure_ors", ref="K4419D"))["total"]

    def test_a_mark_that_is_no_number(self, room: Room) -> None:
        answers = self.fill(room, "young_person", mark_1="high")
        assert "number such as" in faults(enter(room, answers, "measure_ors", ref="K4419D"))["mark_1"]

    def test_goals_in_the_young_persons_words(self, room: Room) -> None:
        answers = self.fill(room, "self", goal_1_words="Be in maths on Mondays", goal_1=2)
        assert "Be in maths on Mondays" in text_of(shown(enter(room, answers, "measure_goals", ref="K4419D")))
        later = {**answers, "goal_1": 5, "completed": room.day(0), "point": "during"}
        rows = table_of(shown(enter(room, later, "measure_goals", ref="K4419D"))).rows
        assert rows[1][-1] == "3 higher, better: reliable improvement"

    def test_a_goal_without_words(self, room: Room) -> None:
        answers = self.fill(room, "self", goal_2=2)
        assert "own words" in faults(enter(room, answers, "measure_goals", ref="K4419D"))["goal_2_words"]

    def test_rcads_sums_and_t_scores(self, room: Room) -> None:
        raw = {"social_phobia": 10, "panic": 9, "generalised_anxiety": 8, "separation_anxiety": 7, "obsessions": 6}
        answers = self.fill(room, "self", **raw, depression=15, depression_t="68.5")
        rows = {row[0]: row[1:3] for row in table_of(shown(enter(room, answers, "measure_rcads", ref="K4419D"))).rows}
        assert rows["Anxiety in all"] == ("40 of 111", "")
        assert rows["Anxiety and low mood in all"][0] == "55 of 141"
        assert rows["Low mood, T score"] == ("68.5 of 140", "borderline")

    def test_chi_answers_are_counted_and_own_words_shown(self, room: Room) -> None:
        items = {f"item_{n}": "most" for n in range(1, 11)} | {"item_11": "do_not_know"}
        answers = self.fill(room, "self_12_18", **items, own_words=["They listened."])
        said = text_of(shown(enter(room, answers, "measure_chi_esq", ref="K4419D")))
        assert "10 of 12: the most satisfied answer" in said
        assert "1 of 12: left blank" in said
        assert "They listened." in said

    def test_conners_in_the_publishers_words(self, room: Room) -> None:
        answers = self.fill(room, "parent", informant="SR", inattention=72)
        rows = table_of(shown(enter(room, answers, "measure_conners", ref="K4419D"))).rows
        assert rows[1][:3] == ("Inattention, T score", "72 of 100", "very elevated")


class TestAnAnswerThatNeedsAPerson:
    def mfq(self, room: Room, **more: Any) -> dict[str, Any]:
        return {
            "child": "K5377U-1",
            "version": "long_self",
            "informant": "BA",
            "completed": room.day(0),
            "point": "during",
            "total": 12,
            **more,
        }

    def enter(self, room: Room, **more: Any) -> Answer:
        return enter(room, self.mfq(room, **more), "measure_mfq", who="devan", ref="K5377U")

    def alerts(self, room: Room) -> list[OutboxMessage]:
        with room.reading() as session:
            from sqlmodel import select

            return [row for row in session.exec(select(OutboxMessage)) if "/alert:" in row.key]

    @pytest.mark.parametrize("said", ["yes", "unsure"])
    def test_clinician_clinical_manager_and_lead_are_told_at_once(self, room: Room, said: str) -> None:
        card = shown(self.enter(room, alert=said))
        found = self.alerts(room)
        assert {row.chat_user for row in found} == {"U0KEST01", "U0KEST05", "U0KEST06"}
        assert {row.priority for row in found} == {0}
        assert {row.due_at for row in found} == {room.now}
        assert "Orla, Tomasz, Ngozi" in text_of(card)
        assert "extension 4700" in text_of(card)

    def test_the_message_names_no_family_where_it_can_be_glanced_at(self, room: Room) -> None:
        self.enter(room, alert="yes")
        card = room.card(self.alerts(room)[0].key)
        assert "K5377U" not in card.notice
        assert "K5377U" in text_of(card)
        assert "no judgement of risk" in text_of(card)

    def test_a_low_total_does_not_keep_it_back_and_a_no_tells_nobody(self, room: Room) -> None:
        self.enter(room, alert="no")
        assert self.alerts(room) == []
        self.enter(room, alert="yes", total=0, completed=room.day(-1))
        assert len(self.alerts(room)) == 3

    def test_the_long_form_is_not_kept_before_somebody_looked(self, room: Room) -> None:
        assert "needs a person to see it" in faults(self.enter(room))["alert"]

    def test_reading_it_is_kept_and_said_to_whoever_entered_it(self, room: Room) -> None:
        self.enter(room, alert="yes")
        card = room.card(self.alerts(room)[0].key)
        read = next(button for button in buttons_of(card) if button.label == "I have read this")
        assert "recorded that you have read" in text_of(shown(room.press("ngozi", read.action, **read.args)))
        row = newest(room, "K5377U")[0]
        assert row.alert_read_by_id == room.people["ngozi"]
        assert "Ngozi has read" in text_of(room.card(f"measure:{row.id}/alert_read"))
        assert "Ngozi had read this already" in text_of(shown(room.press("orla", read.action, **read.args)))

    def test_a_correction_tells_people_once_only(self, room: Room) -> None:
        card = shown(self.enter(room, alert="yes"))
        correct = next(button for button in buttons_of(card) if button.label == "Correct")
        room.hand_in("devan", room.press("devan", correct.action, **correct.args), {"total": 13})
        assert len(self.alerts(room)) == 3


class TestNotCompletedAndGivenOut:
    def press_line(self, room: Room, ref: str, label: str, words: str) -> Answer:
        card = shown(room.command("tomasz", "/measure", ref))
        blocks = list(card.blocks)
        place = next(n for n, block in enumerate(blocks) if words in block.model_dump_json())
        button = next(item for item in blocks[place + 1].items if item.label == label)  # type: ignore[union-attr]
        return room.press("tomasz", button.action, **button.args)

    def test_a_reason_closes_the_line(self, room: Room) -> None:
        asked = self.press_line(room, "K5377U", "Not completed", "K5377U-1 (BA): SDQ from school")
        room.hand_in("tomasz", asked, {"reason": "declined_school"})
        row = newest(room, "K5377U")[0]
        assert (row.state, row.reason, row.form) == ("not_completed", "declined_school", "teacher_4_17")
        said = text_of(shown(room.command("tomasz", "/measure", "K5377U")))
        assert "K5377U-1 (BA): SDQ from school, college or nursery, at the start: not completed" in said

    def test_given_out_is_said_in_the_list(self, room: Room) -> None:
        self.press_line(room, "K5377U", "Given out", "K5377U-2 (FA): SDQ from KY")
        assert "given out on 17 November" in text_of(shown(room.command("tomasz", "/measure", "K5377U")))

    def test_without_permission_the_button_records_permission(self, room: Room) -> None:
        permission(room, "K5377U", status="out_of_date", scope=["school"])
        asked = self.press_line(room, "K5377U", "Record permission", "K5377U-2 (FA): SDQ from school")
        assert isinstance(asked, Ask)
        assert asked.view.form == "permission_to_share"

    def test_somebody_else_can_be_asked_too(self, room: Room) -> None:
        asked = room.press("tomasz", "form.open", form="measure_extra", family=room.family("K3107C"))
        answers = {"child": "K3107C-1", "version": "parent_4_17", "informant": "VD", "point": "start"}
        room.hand_in("tomasz", asked, answers)
        assert "SDQ from VD, at the start" in text_of(shown(room.command("tomasz", "/measure", "K3107C")))
        enter(room, sdq(room, informant="vd", point="start"))
        assert "SDQ from VD, at the start: done" in text_of(shown(room.command("tomasz", "/measure", "K3107C")))


class TestLists:
    def test_the_unit_sees_what_is_due(self, room: Room) -> None:
        card = shown(room.command("pippa", "/measure"))
        rows = table_of(card).rows
        assert ("K1218Y (GF)", "K1218Y-1 (HF)", "SDQ from MW, at the end", "due since 30 October 2026") in rows
        assert ("K2770L (LK)", "K2770L-2 (BK)", "SDQ from FL, at the start", "due on 22 November 2026") in rows

    def test_a_result_is_shown_again(self, room: Room) -> None:
        card = shown(room.command("pippa", "/measure", "K3107C"))
        menu: Menu = next(menu for menu in menus_of(card) if menu.label == "Show a result")
        chosen = room.press("pippa", menu.action, **menu.args, chosen=menu.choices[-1].value)
        assert "Total difficulties 20 of 40 (very high), impact 4 of 10 (very high)." in text_of(shown(chosen))

    def test_any_questionnaire_can_be_entered_from_the_menu(self, room: Room) -> None:
        card = shown(room.command("pippa", "/measure", "K3107C"))
        menu = next(menu for menu in menus_of(card) if menu.label == "Enter a questionnaire")
        for choice in menu.choices:
            assert isinstance(room.press("pippa", menu.action, **menu.args, chosen=choice.value), Ask)

    def test_added_value_is_never_given_for_a_few(self, room: Room) -> None:
        said = text_of(shown(room.command("pippa", "/measure", "service")))
        assert "too few pairs of parent SDQs" in said

    def test_help(self, room: Room) -> None:
        assert "/measure CASE-REFERENCE" in text_of(shown(room.command("pippa", "/measure", "help")))


def test_in_a_full_discussion_the_result_stands_in_its_thread(room: Room) -> None:
    talk = room.discuss("K3107C")
    room.record("tomasz", "measure_sdq", talk, sdq(room))
    row = newest(room)[0]
    assert room.messages("measure:") == [f"measure:{row.id}"]
    assert "K3107C" in room.card(f"measure:{row.id}").notice
