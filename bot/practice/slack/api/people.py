"""auth.test, team.info, users.*, dnd.*, usergroups.*: who is here."""

from collections.abc import Callable

from bot.practice.slack.api.call import Call
from bot.practice.slack.limits import Json
from bot.practice.slack.records import user_to_app
from bot.practice.slack.refusal import Refusal

Method = Callable[[Call], Json]


def auth_test(call: Call) -> Json:
    """auth.test: who the app is."""
    config = call.workspace.config
    return {
        "url": f"https://{config.team_domain}.slack.com/",
        "team": config.team_name,
        "user": config.bot_name,
        "team_id": config.team_id,
        "user_id": config.bot_user_id,
        "bot_id": config.bot_id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    """team.info: the workspace."""
    config = call.workspace.config
    if call.text("team") not in ("", config.team_id) or call.text("domain") not in ("", config.team_domain):
        raise Refusal("team_not_found")
    team = {
        "id": config.team_id,
        "name": config.team_name,
        "domain": config.team_domain,
        "email_domain": "",
        "icon": {},
        "url": f"https://{config.team_domain}.slack.com/",
    }
    return {"team": team}


def _to_app(call: Call, record: Json) -> Json:
    return user_to_app(record, "users:read.email" in call.workspace.config.scopes)


def user_info(call: Call) -> Json:
    """users.info: one person."""
    return {"user": _to_app(call, call.user())}


def list_users(call: Call) -> Json:
    """users.list: everybody, page by page."""
    everyone = [_to_app(call, record) for record in call.workspace.people.values()]
    page, following = call.page(everyone, len(everyone), 1000)
    return {"members": page, "cache_ts": int(call.workspace.now()), "response_metadata": following}


def profile(call: Call) -> Json:
    """users.profile.get: somebody's profile, or the app's own."""
    if not call.given("user"):
        call.arguments["user"] = call.workspace.config.bot_user_id
    return {"profile": _to_app(call, call.user())["profile"]}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: the person with this address."""
    wanted = call.text("email").lower()
    for record in call.workspace.people.values():
        if record["profile"].get("email", "").lower() == wanted and not record["deleted"]:
            return {"user": _to_app(call, record)}
    raise Refusal("users_not_found")


_NOT_DISTURBED = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}


def dnd_info(call: Call) -> Json:
    """dnd.info: whether somebody wants no messages now; here nobody does."""
    if call.given("user"):
        call.user()
    return dict(_NOT_DISTURBED)


def dnd_team_info(call: Call) -> Json:
    """dnd.teamInfo: the same for several people."""
    known = [user for user in call.listed("users") if user in call.workspace.people]
    if not call.listed("users"):
        raise Refusal("no_users_provided")
    return {"users": {user: dict(_NOT_DISTURBED) for user in known}}


def usergroup_users(call: Call) -> Json:
    """usergroups.users.list: this workspace has no groups."""
    raise Refusal("no_such_subteam")


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": user_info,
    "users.list": list_users,
    "users.profile.get": profile,
    "users.lookupByEmail": lookup_by_email,
    "dnd.info": dnd_info,
    "dnd.teamInfo": dnd_team_info,
    "usergroups.users.list": usergroup_users,
}
