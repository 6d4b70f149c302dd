"""Keeping a unit file: the clinical work that was under way before the bot came."""

from __future__ import annotations

from bot.practice.sample.loading import Loading
from bot.practice.sample.unit_format import with_dates
from storage.clinical import handed_in
from storage.database.tables import Family


def keep_episodes(loading: Loading) -> None:
    """One piece of work for each family with clinical work, in the state the file gives it."""
    for part in loading.file.families:
        family = loading.session.get_one(Family, loading.families[part.ref])
        said = with_dates(part.clinical, loading.day)
        if "clinician" in said:
            said["clinician"] = loading.who(said["clinician"])
        handed_in.keep(loading.session, family, said, today=loading.day, now=loading.now)
