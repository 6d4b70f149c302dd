"""Forms and answers as FHIR R4B, checked by the models of fhir.resources."""

from __future__ import annotations

import json

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire

from bot.documents.fhir import bundle, questionnaire
from prompts_and_forms.forms.catalogue import form_ids, load_form
from tests.bot.documents.conftest import AWKWARD, Kept


@pytest.mark.parametrize("form_id", form_ids())
def test_every_form_is_a_questionnaire(form_id: str) -> None:
    made = Questionnaire.model_validate(questionnaire(load_form(form_id)))
    assert made.title == load_form(form_id).title


def test_what_was_handed_in_is_a_bundle_of_responses(kept: Kept) -> None:
    with kept.source() as source:
        found = bundle(source, "K3107C")
    Bundle.model_validate(found)
    responses = [
        one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == "QuestionnaireResponse"
    ]
    assert {one["questionnaire"].split(":")[-1].split("|")[0] for one in responses} == {"safety", "action"}
    assert all(one["subject"]["identifier"]["value"] == "K3107C" for one in responses)
    assert json.dumps(AWKWARD) in json.dumps(responses)


def test_no_answer_is_no_answer_and_no_is_no(kept: Kept) -> None:
    with kept.source() as source:
        found = bundle(source, "K3107C")
    safety = next(one["resource"] for one in found["entry"] if "safety|" in str(one["resource"].get("questionnaire")))
    answers = {item["linkId"]: item.get("answer") for item in safety["item"]}
    assert answers["immediate_concern"] == [{"valueBoolean": False}]
    assert "manager_needed_today" not in answers


def test_a_clinicians_private_look_is_not_even_asked() -> None:
    assert "boundary_check" not in str(questionnaire(load_form("contract")))
