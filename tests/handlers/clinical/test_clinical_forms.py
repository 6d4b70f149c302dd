"""Signing and correcting, handing on, complex child in need, and a family's timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.turn import Answer, Done, Note, Wrong
from prompts_and_forms.card import Card
from storage.database.vault import Scope, seal
from storage.family import families
from storage.forms import entries
from tests.worlds.assessing import (
    begin,
    corrected,
    correcting,
    following,
    front,
    held,
    resumed,
    sign,
    signed,
    submit,
    to_the_end,
    written,
)
from tests.worlds.in_memory import buttons_of, text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import Work


def labels(card: Card) -> list[str]:
    return [button.label for button in buttons_of(card)]


class TestSigning:
    def test_it_is_read_through_by_sections_before_it_is_signed(self, room: Room) -> None:
        _entry, card = written(room)
        said = words_of(card)
        assert "Front sheet" in said
        assert "It hangs together so." in said
        assert "The clinician: not signed yet." in said
        assert labels(card) == ["Sign as clinician", "Change before signing", "Genogram"]

    def test_before_signing_it_is_simply_changed(self, room: Room) -> None:
        entry, _card = written(room)
        asked = following(room.press("tomasz", "entry.edit", entry=entry.id))
        last = to_the_end(room, asked)
        submit(room, last, {"own_children": "None."})
        newest = room.entries("assessment")[-1]
        with room.reading() as session:
            assert entries.answers(session, newest)["own_children"] == "None."
        assert "newer version" in words_of(sign(room, "tomasz", entry, "clinician"))

    def test_the_clinician_signs_first_and_the_clinical_manager_is_asked(self, room: Room) -> None:
        entry, _card = written(room)
        assert "The clinician signs first." in words_of(sign(room, "ngozi", entry, "clinical_manager"))
        shown = sign(room, "tomasz", entry, "clinician")
        assert "The clinician: signed by Tomasz, 17 November 2026." in words_of(shown)
        (key,) = room.messages(f"form:{entry.id}/sign:")
        assert key.endswith(room.people["ngozi"])
        assert "waits for your signature" in text_of(room.card(key))

    def test_the_wrong_role_cannot_sign_and_nobody_signs_twice(self, room: Room) -> None:
        entry, _card = written(room)
        assert "The clinician signs here." in words_of(sign(room, "devan", entry, "clinician"))
        sign(room, "tomasz", entry, "clinician")
        assert "signed already" in words_of(sign(room, "tomasz", entry, "clinician"))

    def test_it_waits_on_home_and_in_forms_until_it_is_signed(self, room: Room) -> None:
        entry, _card = written(room)
        assert "Clinician's assessment" in words_of(room.command("tomasz", "/forms"))
        sign(room, "tomasz", entry, "clinician")
        assert "Waiting for your signature" in words_of(room.command("ngozi", "/forms"))
        sign(room, "ngozi", entry, "clinical_manager")
        assert "nothing waits for your signature" in words_of(room.command("ngozi", "/forms"))
        assert room.messages(f"form:{entry.id}/signed:")

    def test_the_first_signature_fixes_it(self, room: Room) -> None:
        entry, _card = written(room)
        before = following(room.press("tomasz", "entry.edit", entry=entry.id))
        sign(room, "tomasz", entry, "clinician")
        assert "stays as it is" in words_of(room.press("tomasz", "entry.edit", entry=entry.id))
        answer = submit(room, to_the_end(room, before), {})
        assert isinstance(answer, Wrong)
        assert "stays as it is" in " ".join(answer.errors.values())

    def test_a_correction_is_a_new_version_with_a_reason_and_its_own_signatures(self, room: Room) -> None:
        first = signed(room)
        newest = corrected(room, first, "A date was wrong.", "It hangs together otherwise.")
        shown = room.press("ngozi", "form.read", entry=newest.id)
        said = words_of(shown)
        assert "Version 2. Why it was written: A date was wrong." in said
        assert "The clinician: not signed yet." in said
        old = words_of(room.press("ngozi", "form.read", entry=first.id))
        assert "It hangs together so." in old
        assert "signed by Ngozi" in old


class TestOneIsEnough:
    def press(self, room: Room, who: str, **more: str) -> Answer:
        card = Work(room, "K3107C").card(who)
        found = next(b for b in buttons_of(card) if b.args.get("move") == "assess")
        return room.press(who, found.action, **{**found.args, **more})

    def test_one_that_is_begun_is_gone_on_with(self, room: Room) -> None:
        first = following(self.press(room, "tomasz"))
        submit(room, first, {"children": ["K3107C-1"], "reason": "Low."})
        assert "Assessment: begun by Tomasz" in Work(room, "K3107C").said("orla")
        assert "[Go on writing]" in words_of(self.press(room, "tomasz"))
        elsewhere = words_of(self.press(room, "ngozi"))
        assert "Tomasz has begun one, last saved on 17 November 2026" in elsewhere
        assert "[Go on writing]" not in elsewhere
        assert following(self.press(room, "ngozi", anew="yes")).view.form == "assessment"

    def test_one_that_is_written_is_read(self, room: Room) -> None:
        step = following(self.press(room, "tomasz"))
        for typed in ({"children": ["K3107C-1"], "reason": "Low."}, {}, {}):
            step = following(submit(room, step, typed))
        assert isinstance(submit(room, step, {"formulation": "So.", "assessed_on": room.day(-1)}), Done)
        assert "waits for the signature of the clinician" in words_of(self.press(room, "tomasz"))
        entry = room.entries("assessment")[-1]
        sign(room, "tomasz", entry, "clinician")
        sign(room, "ngozi", entry, "clinical_manager")
        assert "Assessment: signed by everyone it needs, 17 November 2026" in Work(room, "K3107C").said("orla")


class TestHandingOn:
    def test_a_colleague_goes_on_with_everything_in_it(self, room: Room) -> None:
        second = following(submit(room, begin(room), {"children": ["K2770L-1"], "reason": "Low."}))
        draft = second.view.args["draft"]
        asked = room.press("tomasz", "form.hand_on", draft=draft)
        assert isinstance(room.hand_in("tomasz", asked, {"to": room.people["ngozi"]}), Done)
        (key,) = room.messages("draft:")
        assert "Tomasz hands you a draft" in text_of(room.card(key))
        opened = following(room.press("ngozi", "form.resume", draft=draft))
        assert "2 of 4" in str(opened.view.intro)
        assert "Ngozi has it now" in words_of(room.press("tomasz", "form.resume", draft=draft))
        assert "somebody else" in words_of(room.press("devan", "form.resume", draft=draft))

    def test_my_drafts_are_listed_with_what_they_are_about(self, room: Room) -> None:
        resumed(room, following(submit(room, begin(room), {"children": ["K2770L-1"], "reason": "Low."})))
        said = words_of(room.command("tomasz", "/forms"))
        assert "Clinician's assessment, K2770L (LK), begun" in said
        assert "[Go on writing] [Put away] [Hand on]" in said


class TestComplexChildInNeed:
    def enter(self, room: Room, ref: str) -> Answer:
        asked = room.press("orla", "family.category", family=room.family(ref))
        answers = {
            "category": "complex_child_in_need",
            "from": room.day(0),
            "decided_by": room.people["graham"],
            "why": "Held together.",
        }
        return room.hand_in("orla", asked, answers)

    def test_entering_shows_what_it_asks_for(self, room: Room) -> None:
        said = words_of(self.enter(room, "K2770L"))
        assert "0 of 6 recorded; still open: core assessment with other agencies" in said
        assert "every three months; the team manager chairs" in said
        assert "[Entry checklist]" in said

    def test_from_child_protection_the_question_comes_first(self, room: Room) -> None:
        assert words_of(self.enter(room, "K5052R")).startswith("A question to hold together")

    def test_the_checklist_fills_and_its_chair_is_asked_about(self, room: Room) -> None:
        family = room.family("K3681B")
        asked = room.press("devan", "family.ccin", family=family)
        answers: dict[str, Any] = {"danger": "We worry that nobody wakes them.", "planning_on": room.day(9)}
        said = words_of(room.hand_in("devan", asked, {**answers, "chair": room.people["orla"]}))
        assert "2 of 6 recorded" in said
        assert "The team manager chairs" in said
        again = following(room.press("devan", "family.ccin", family=family))
        assert next(f.value for f in again.view.fields if f.key == "danger") == answers["danger"]
        room.hand_in("devan", again, {"agreement_on": room.day(-1), "chair": room.people["graham"]})
        assert "Entry checklist: 3 of 6 recorded" in words_of(room.command("devan", "/family", "K3681B"))

    def test_its_review_names_the_team_manager_and_asks_for_the_family(self, room: Room) -> None:
        asked = room.press("devan", "form.open", form="review", family=room.family("K2284H"))
        assert next(f.value for f in following(asked).view.fields if f.key == "chaired_by") == room.people["graham"]
        said = words_of(room.hand_in("devan", asked, {"chaired_by": room.people["orla"]}))
        assert "The team manager chairs" in said
        assert "Parents and family are invited" in said
        assert "down (child in need, early help, closed)" in said

    def test_a_family_that_has_stood_still_says_so(self, room: Room) -> None:
        room.now += timedelta(weeks=16)
        assert "Is the plan still moving?" in words_of(room.command("orla", "/family", "K2770L"))
        agenda = words_of(room.command("pippa", "/meeting", "agenda")).splitlines()
        (line,) = [one for one in agenda if "K2770L" in one]
        assert "drifting: nothing has moved for 1" in line


class TestTheTimeline:
    def test_what_happened_newest_first_with_the_way_so_far(self, room: Room) -> None:
        Work(room, "K3107C").do("tomasz", "session", date=room.day(0), note="We drew the house.")
        shown = room.press("orla", "family.timeline", family=room.family("K3107C"))
        said = words_of(shown)
        assert "Clinical work now: Clinical work under way" in said
        assert "Consultation held, next step not agreed yet → Commissioned" in said
        assert "(4 sessions)" in said
        assert said.index("17 November 2026") < said.index("9 November 2026")
        assert "Session held → clinical work under way, Tomasz" in said

    def test_it_is_turned_page_by_page(self, room: Room) -> None:
        shown = room.press("orla", "family.timeline", family=room.family("K1218Y"))
        seen: list[str] = []
        while True:
            assert isinstance(shown, Note)
            seen += [line for line in words_of(shown).splitlines() if " 20" in line]
            older = next((b for b in buttons_of(shown.card) if b.label == "Older"), None)
            if older is None:
                break
            shown = room.press("orla", older.action, **older.args)
        assert sum("Session held" in line for line in seen) == 9


class TestTwoAtOnce:
    def test_of_two_corrections_the_second_is_told_and_keeps_what_it_wrote(self, room: Room) -> None:
        entry = signed(room)
        first, second = correcting(room, entry, "First."), correcting(room, entry, "Second.")
        assert isinstance(submit(room, first, {}), Done)
        late = submit(room, second, {})
        assert isinstance(late, Wrong)
        assert "newer version" in " ".join(late.errors.values())
        assert "Second." in held(resumed(room, second)).values()
        assert [one.replaced_by_id is None for one in room.entries("assessment")] == [False, True]

    def test_of_two_changes_before_signing_too(self, room: Room) -> None:
        entry, _card = written(room)
        windows = [following(room.press("tomasz", "entry.edit", entry=entry.id)) for _ in range(2)]
        first, second = (to_the_end(room, window) for window in windows)
        assert isinstance(submit(room, first, {}), Done)
        assert isinstance(submit(room, second, {}), Wrong)
        assert [one.replaced_by_id is None for one in room.entries("assessment")] == [False, True]

    def test_of_two_changes_to_an_ordinary_record_one_follows_the_other(self, room: Room) -> None:
        answers = {"date": room.day(0), "kind": "other", "description": "Spoke to school."}
        asked = room.press("tomasz", "track.add", family=room.family("K3107C"))
        assert isinstance(room.hand_in("tomasz", asked, answers), Done)
        kept = room.entries("tracking_entry")[-1]
        windows = [room.press(who, "entry.edit", entry=kept.id) for who in ("tomasz", "devan")]
        for who, window in zip(("tomasz", "devan"), windows, strict=True):
            assert isinstance(room.hand_in(who, window, {"description": f"Corrected by {who}."}), Done)
        first, second, third = room.entries("tracking_entry")
        assert (first.replaced_by_id, second.replaced_by_id, third.replaced_by_id) == (second.id, third.id, None)


def test_addresses_and_numbers_in_an_assessment_come_after_the_safe_contact_warning(room: Room) -> None:
    with room.db.write() as session:
        (row, carer), *_rest = families.carers(session, room.family("K2770L"))
        carer.safe_contact = "Do not write or ring."
        seal(session, row, carer, Scope.family(row.family_id))
        session.add(row)
    step = following(submit(room, begin(room), {**front(room), "carers_contact": "ring 07700 900123"}))
    for _ in range(2):
        step = following(submit(room, step, {}))
    said = words_of(submit(room, step, {"formulation": "So.", "assessed_on": room.day(-1)}))
    assert said.index("Do not write or ring.") < said.index("07700 900123")
