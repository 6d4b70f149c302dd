"""A rehearsal asks what is kept, not how fast: a busy machine makes nobody in it try again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import runtime
from tests.worlds.until import PATIENCE


@pytest.fixture(scope="module", autouse=True)
def people_who_wait() -> Iterator[None]:
    """Each turn may begin as late as it likes; what a person is told otherwise has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "PATIENCE", PATIENCE)
        yield
