from alembic import context

from storage.migrate import run_here

run_here(context)  # type: ignore[arg-type]
