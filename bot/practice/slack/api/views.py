"""views.*: modals opened by a trigger, and the Home tab."""

from collections.abc import Callable
from typing import Any

from bot.practice.slack.api.call import Call
from bot.practice.slack.checks.validator import check_view
from bot.practice.slack.limits import Json, wording
from bot.practice.slack.modals import Modals
from bot.practice.slack.refusal import Refusal, invalid_argument

Method = Callable[[Call], Json]


def methods(modals: Modals) -> dict[str, Method]:
    """The four view methods on these modals."""

    def open_view(call: Call) -> Json:
        return {"view": modals.open(call.arguments.get("trigger_id"), _view(call))}

    def push(call: Call) -> Json:
        return {"view": modals.push(call.arguments.get("trigger_id"), _view(call))}

    def update(call: Call) -> Json:
        if call.given("view_id") and call.given("external_id"):
            raise invalid_argument(wording("view_id_and_external_id"))
        if not call.given("view_id") and not call.given("external_id"):
            raise invalid_argument(wording("required", field="view_id"))
        view = _view(call)
        return {"view": modals.update(view, call.text("view_id"), call.text("external_id"), call.text("hash"))}

    def publish(call: Call) -> Json:
        view, user = _view(call), call.text("user_id")
        if user not in call.workspace.human_ids():
            raise invalid_argument(wording("user_id_invalid"), "/user_id")
        if not call.workspace.config.home_tab:
            raise Refusal("not_enabled")
        return {"view": modals.publish(user, view, call.text("hash"))}

    return {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}


def _view(call: Call) -> Any:
    view = call.structure("view", invalid_argument(wording("type_object"), "/view"))
    check_view(view, call.method)
    return view
