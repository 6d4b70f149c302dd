"""Files on disk: whole or not at all, with a sentence where there is no room."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def save(path: Path, content: bytes) -> None:
    """Writes the file. One that stood there before stays as it was where this one cannot be written."""
    write(path, lambda stream: _all(stream, content))


def save_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """Writes all of these files or none of them. Raises DocumentTrouble."""
    beside: list[tuple[Path, Path]] = []
    try:
        for path, content in files:
            beside.append((_beside(path), path))
            _fill(path, partial(_all, content=content))
        for half, path in beside:
            _put(half, path)
    finally:
        for half, _path in beside:
            _drop(half)


def write(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Lets `fill` write the file and puts it in its place once it is whole. Raises DocumentTrouble."""
    try:
        _fill(path, fill)
        _put(_beside(path), path)
    finally:
        _drop(_beside(path))


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _fill(path: Path, fill: Callable[[BinaryIO], None]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path).open("wb") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as trouble:
        raise trouble_of(trouble, path) from trouble


def _put(half: Path, path: Path) -> None:
    try:
        half.replace(path)
    except OSError as trouble:
        raise trouble_of(trouble, path) from trouble


def _drop(half: Path) -> None:
    with suppress(OSError):
        half.unlink(missing_ok=True)


def trouble_of(trouble: OSError, path: Path) -> DocumentTrouble:
    """Why a file was not written, in a sentence."""
    if trouble.errno in NO_ROOM:
        return DocumentTrouble(documents_wording.NO_ROOM)
    why = trouble.strerror or str(trouble) or type(trouble).__name__
    return DocumentTrouble(documents_wording.NOT_WRITTEN.format(place=path, why=why))


def _all(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)
