"""What a person reads when a unit file cannot be loaded, and the contacts a unit without any gets in practice."""

from __future__ import annotations

NOT_FOUND = "There is no file {path}. Check the name, or leave it out to use the sample unit."
NOT_YAML = "{path} is not readable as YAML near line {line}: {problem}. Nothing was loaded."
NOT_A_UNIT = "{path} does not describe a unit: it should begin with schema, about, unit, members and families."
FAULTS = "{path} cannot be loaded. {count}:"
ALREADY_LOADED = "The unit {name} is here already. Its record was left as it is; start afresh to load it again."
FAMILY_TAKEN = "The case reference {ref} belongs to a family that is here already, so nothing was loaded."
MISSING = "this is missing"
NOT_EXPECTED = "{problem}"
NOBODY = "{who} is not one of the members"
NO_FAMILY = "{ref} is not one of the families"
NO_ZONE = "{zone} is not a time zone: write region and city, such as Europe/London"
TWICE = "{what} is there twice"

FICTIONAL_CONTACTS = (
    ("Anyone in danger now", "Call 999"),
    ("Duty manager, office hours (fictional)", "extension 4000: invented for practice, nobody answers"),
    ("Emergency duty team, evenings and weekends (fictional)", "extension 4900: invented for practice, nobody answers"),
)


def counted(faults: int) -> str:
    """How many faults a file has."""
    return "One thing to mend" if faults == 1 else f"{faults} things to mend"
