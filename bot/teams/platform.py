"""Microsoft Teams as a chat platform: its parts put together over one app in one tenant."""

from __future__ import annotations

from bot.platform import Rates, Verdict
from bot.runtime import Runtime
from bot.sending.budget import Budget
from bot.settings import Settings
from bot.teams.answers import Answers
from bot.teams.api import TROUBLE, Api, new_session, verdict
from bot.teams.app import Parts, TeamsAdapter
from bot.teams.directory import TeamsGate
from bot.teams.line import TeamsLine
from bot.teams.places import Places
from bot.teams.poster import TeamsPoster
from bot.teams.reading.events import Reader
from bot.teams.reconcile import TeamsReconciler
from bot.teams.tokens import Keys, TokenCheck
from bot.teams.uploads import TeamsFiles
from bot.trouble import CannotStart

RATES = Rates(a_minute=1200, burst=20, in_one=((6, 1.0), (900, 0.25)))
"""Teams takes 30 to 50 calls a second of an app in a tenant, and in one conversation 7 posts in a second, 8 in two, 60
in thirty and 1,800 in an hour: six and then one a second keep to the first three, 900 and then one in four seconds to
the last."""


class TeamsPlatform:
    """One tenant, as one running bot sees it. Made inside the event loop."""

    failures: tuple[type[Exception], ...] = TROUBLE
    can_pin = False
    sweep_every = 60.0

    def __init__(self, settings: Settings, runtime: Runtime) -> None:
        if settings.teams is None:
            raise CannotStart("PLATFORM=teams needs TEAMS_APP_ID, TEAMS_TENANT_ID and TEAMS_APP_SECRET.")
        self.rates = RATES if settings.tiers else RATES.unpaced()
        self._session = new_session()
        api = Api(settings.teams, self._session)
        self.budget = Budget(runtime, {}, {})
        places = Places(runtime, api)
        reader = Reader(runtime.clock, settings.teams.app_id)
        self.gate = TeamsGate(api, runtime, places)
        self.poster = TeamsPoster(api, runtime, places)
        self.files = TeamsFiles(settings.teams, self._session, runtime, self.poster)
        self.reconciler = TeamsReconciler(api, runtime, reader, places)
        answers = Answers(self.poster, runtime, reader)
        adapter = TeamsAdapter(Parts(runtime, reader, self.gate, places, answers, self.reconciler, self.files))
        check = TokenCheck(settings.teams, Keys(self._session, settings.teams.keys_url))
        self.line = TeamsLine(api, check, adapter, self.gate)

    def verdict(self, error: BaseException) -> Verdict:
        """What became of a call that raised this."""
        return verdict(error)

    async def close(self) -> None:
        """Lets go of every connection."""
        await self.budget.close()
        await self._session.close()
