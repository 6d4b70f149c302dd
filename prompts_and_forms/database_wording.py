"""What a person reads when the database cannot be used: what is wrong, and what to do now."""

from __future__ import annotations

MISSING = "There is no database at {place} yet. Make it with: unitbot db upgrade"
NO_FOLDER = "The folder {place} does not exist, so the database cannot lie there. Make the folder, or set DATABASE_URL."
READ_ONLY = "The database at {place} can be read but not written. Nothing was changed. Check who owns the file."
BUSY = "The database is busy with somebody else's change. Nothing was lost; try again in a moment."
CHANGED = "Somebody else changed the same thing a moment before you. Nothing was lost; look again and try once more."
NEWER = "The database at {place} was made by a newer version of this program. Start that version, or restore a backup."
OLDER = "The database at {place} is from an older version. Bring it up to date with: unitbot db upgrade"
STOP_FIRST = (
    "This version changes what running programs use, and {count} of their connections are open. Nothing was changed. "
    "Stop unitbot everywhere (run, serve and worker), then try again."
)
NOT_OURS = "{place} is not a database of this program, or it is damaged. Set DATABASE_URL to the right one."
FULL = "The disk that holds the database is full. Nothing was changed. Make room and try again."
UNREACHABLE = "The database server at {place} does not answer. Check that it runs and that DATABASE_URL is right."
UNKNOWN = "The database at {place} could not be used ({reason}). Nothing was changed."
BAD_ADDRESS = (
    "DATABASE_URL is not an address I understand. Use sqlite:///folder/file.db or postgresql://user@host/name."
)
BROKEN_LINKS = "After the change of version some rows of {tables} would point to nothing, so nothing was changed."
WRONG_KEY = "The key in the settings does not open this database. Put back the key it was made with."
BAD_KEY = "The key in the settings must be 32 bytes, written as base64. Make one with: unitbot key"
CANNOT_READ = "(cannot be read)"
FAMILY_CANNOT_BE_READ = "Family (cannot be read)"
SAFE_CONTACT_CANNOT_BE_READ = "(cannot be read). Ask the unit's lead before anybody gets in touch."
RECORD = "This record"
CANNOT_CHANGE = (
    "Part of this record cannot be read, so I have changed nothing. The coordinator has been told. "
    "Whoever runs the bot can bring it back from a backup."
)
TAMPERED = "A kept text does not open with its key: it was changed or moved by hand. Restore it from a backup."
