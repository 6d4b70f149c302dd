"""What whoever runs the bot reads about backups, bringing one back, and looking whether all is well."""

from __future__ import annotations

THERE_ALREADY = "{place} is there already. Choose another name; a backup is never written over."
NO_FOLDER = "The folder {place} does not exist. Make it first, or choose another."
NOT_WRITTEN = "The backup could not be written to {place} ({why}). Nothing was left behind there."
NO_TOOL = (
    "{tool} was not found. It comes with PostgreSQL (package postgresql-client); install the version of your server, "
    "or put its folder on the PATH."
)
TOOL_FAILED = "{tool} ended with a fault: {why}"
NOT_A_BACKUP = "{place} is no backup of this program, or only half of one. Nothing was changed. Use another backup."
CHANGED = "{place} is not as it was written: its checksum does not fit. Nothing was changed. Use another backup."
NEWER = (
    "{place} was made by a newer version of this program (tables {found}, this one knows {known}). "
    "Nothing was changed. Install that version, then restore."
)
OTHER_KEY = (
    "{place} was made with another key than the one in the settings. Nothing was changed. "
    "Put the key of that time into UNITBOT_KEY. Without it nobody can open this backup: not you, not us."
)
OTHER_KIND = (
    "{place} is a backup of {found}, and DATABASE_URL is {wanted}. Set DATABASE_URL to a place of the same kind."
)
SQLITE, POSTGRES = "an SQLite file", "a PostgreSQL database"
NOT_EMPTY = (
    "There is a database at {place} already. Nothing was changed. A backup is only restored into an empty place: stop "
    "the bot and move what is there away, or set DATABASE_URL to another place."
)
DAMAGED_INSIDE = "The database in {place} is damaged ({why}). Nothing was changed. Use another backup."

OTHER_KEYS = (
    "{place} has {n} keys that this database does not know. It belongs to another database, or this one was restored "
    "from an older backup. Nothing was written. Write the backup into another folder, or name another file with --keys."
)
KEYS_NOT_WRITTEN = "The keys could not be written to {place} ({why}). No backup was made."
NO_KEYS = (
    "{place} is missing, damaged or no file of keys. A backup cannot be opened without it. Nothing was changed. "
    "Put it beside the backup again, or name it with --keys."
)
WRITTEN = (
    "Backup written: {place} ({size}). What opens it lies apart, in {keys}: copy that to a place of its own, and "
    "let each new one replace the last. The key is not in it: look after UNITBOT_KEY separately. Without all three "
    "nobody can read the backup."
)
RESTORED = (
    "Restored from {place}, made on {at}. What was recorded after that is not in it. "
    "Start the bot: it reads again what was typed in open discussions, "
    "and tells each unit's coordinator and lead what is missing."
)

COPIED_TITLE = "Your unit's record comes from a backup"


def restored(at: str, posts: int, first: str, last: str) -> str:
    """What is missing after a backup was brought back, for those who look after a unit."""
    said = f"The bot was started again from a backup of {at}. What you recorded after that is not in it."
    if posts:
        one = "One message" if posts == 1 else f"{posts} messages"
        when = f"at {first}" if first == last else f"between {first} and {last}"
        said += (
            f" {one} of mine in your channel, {when}, belong to that time: their buttons no longer work, and what they "
            "show is not in the record."
        )
    return said


WHAT_NOW = (
    "What was typed in discussions that are still open has been read again. Please go through the rest with the people "
    "who were there, and enter it once more."
)

TABLES, FILE, LINKS, KEYS, TEXTS = "tables", "file", "links between rows", "keys", "texts"
REFERENCES, MESSAGES, POSTS = "case references", "messages", "posts in Slack"
SOUND = "sound"
POSTGRES_KEEPS_ORDER = "PostgreSQL looks after its own; the version fits this program"
LOOSE = "rows of {tables} point to nothing. Restore a backup."
KEY_DAMAGED = "the data key of {kind} {owner} does not open: nothing of theirs can be read. Restore a backup."
TEXT_DAMAGED = '{table} {row} does not open. Its unit sees "(cannot be read)" there; a backup can bring it back.'
NOT_FOUND = "family {row} is not found by its case reference. Restore a backup."
OPEN = "{n}, all open"
OUTBOX = "in order, {waiting} waiting"
ODD_STATES = "some are in a state this program does not know ({states})"
SENT_NOWHERE = "{n} count as posted, and nobody knows where"
FAILED = "{n} could not be posted; the log of that day says why"
