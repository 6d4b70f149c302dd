"""Keeping what people wrote unreadable without the key of the settings.

A sealed column holds `ver | key id | nonce | ciphertext` (1, 16, 12 and n bytes), AES-256-GCM, bound to its place and
its turn by `table|column|row id|ver|number`: a text of another row, or an older one of the same row, does not open.
Every family, unit and person has a data key of its own; the keys lie wrapped in `data_key`. The master key is in the
settings only, never in the database or a backup.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session, col, select

from prompts_and_forms import database_wording
from prompts_and_forms.references import normal
from storage.database.bodies import Body, FamilyBody
from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables import Family
from storage.database.tables_machinery import DataKey

KEY_VERSION = 1
VERSION = 2
UNNUMBERED = 1
"""Texts from before they were numbered; they are the first of their row."""
KEY_BYTES = 32
NONCE_BYTES = 12
HEADER_BYTES = 1 + 16 + NONCE_BYTES
OPENED = "texts that were opened"
"""Where a session keeps what it opens, by data key and row, once somebody asks for it (looking.py)."""
_NOTED = "texts that did not open"
_GONE = json.dumps(database_wording.CANNOT_READ)[1:-1].encode()

B = TypeVar("B", bound=Body)


class VaultTrouble(Exception):
    """A text could not be sealed or opened. `sentence` is what a person reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Sealed(Protocol):
    id: str
    sealed: bytes
    sealed_no: int


@dataclass(frozen=True)
class Scope:
    """Whose data key seals a text."""

    kind: str
    owner_id: str

    @classmethod
    def family(cls, family_id: str) -> Scope:
        """What is said about one family."""
        return cls("family", family_id)

    @classmethod
    def unit(cls, unit_id: str) -> Scope:
        """What belongs to a unit and to no family."""
        return cls("unit", unit_id)

    @classmethod
    def person(cls, person_id: str) -> Scope:
        """What is one person's own."""
        return cls("person", person_id)

    @classmethod
    def council(cls) -> Scope:
        """For what is about everybody."""
        return cls("council", "all")


CHAIN = Scope("audit", "chain")


class Vault:
    """The master key and the data keys opened with it so far. One a process; safe to share between threads."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise VaultTrouble(database_wording.BAD_KEY)
        self._wrapping = AESGCM(_derived(master_key, b"wrap data keys"))
        self._index_key = _derived(master_key, b"find case references")
        self._ids: dict[Scope, str] = {}
        self._keys: dict[str, AESGCM] = {}
        self._scopes: dict[str, Scope] = {}
        self._chain = b""

    def index(self, case_reference: str) -> str:
        """What stands in the database for a case reference: equal for equal references, and nothing leads back."""
        return hmac.new(self._index_key, normal(case_reference).encode(), sha256).hexdigest()

    def fingerprint(self) -> str:
        """Tells this key from another one, and opens nothing."""
        return hmac.new(self._index_key, b"which key is this", sha256).hexdigest()[:32]

    def wrap(self, key_id: str, scope: Scope, key: bytes) -> bytes:
        """A data key sealed with the master key, bound to its id and to whose it is."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key, _key_place(key_id, scope))

    def unwrap(self, row: DataKey) -> bytes:
        """The data key of a row; raises VaultTrouble under another master key."""
        place = _key_place(row.id, Scope(row.kind, row.owner_id))
        try:
            return self._wrapping.decrypt(row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:], place)
        except InvalidTag as wrong:
            raise VaultTrouble(database_wording.WRONG_KEY) from wrong

    def opens(self, row: DataKey) -> bool:
        """Whether the data key of a row can be had."""
        try:
            return bool(self.unwrap(row))
        except VaultTrouble:
            return False

    def chain_key(self, session: Session, *, make: bool = True) -> bytes:
        """The key the marks of audit lines are made with; raises VaultTrouble where it is damaged.

        Where there is none yet it is made, or with `make` False answered with nothing: a check writes nothing.
        """
        if self._chain:
            return self._chain
        fresh: bytes | None = session.info.get("fresh chain key")
        if fresh is not None:
            return fresh
        row = _row_of(session, CHAIN)
        if row is not None:
            self._chain = self.unwrap(row)
            return self._chain
        if not make:
            return b""
        key_id, key = new_id(), os.urandom(KEY_BYTES)
        values = {
            "id": key_id,
            "kind": CHAIN.kind,
            "owner_id": CHAIN.owner_id,
            "wrapped": self.wrap(key_id, CHAIN, key),
        }
        if not insert_once(session, DataKey, {**values, "made_at": datetime.now(UTC)}, "kind", "owner_id"):
            row = _row_of(session, CHAIN)
            assert row is not None
            return self.unwrap(row)
        session.info["fresh chain key"] = key
        return key

    def key_for(self, session: Session, scope: Scope) -> tuple[str, AESGCM]:
        """The data key that seals for this scope, made on first use."""
        fresh: dict[Scope, tuple[str, AESGCM]] = session.info.setdefault("fresh_keys", {})
        if scope in fresh:
            return fresh[scope]
        if scope in self._ids:
            return self._ids[scope], self._keys[self._ids[scope]]
        row = _row_of(session, scope)
        if row is not None:
            return row.id, self._remember(row)
        return self._make(session, scope, fresh)

    def key_by_id(self, session: Session, key_id: str) -> AESGCM:
        """The data key that opens a text; raises VaultTrouble where it is gone."""
        if key_id in self._keys:
            return self._keys[key_id]
        for made_id, key in session.info.get("fresh_keys", {}).values():
            if made_id == key_id:
                return key  # type: ignore[no-any-return]
        row = session.get(DataKey, key_id)
        if row is None:
            raise VaultTrouble(database_wording.TAMPERED)
        return self._remember(row)

    def scope_of(self, session: Session, key_id: str) -> Scope | None:
        """Whose key this is, for one that was used in this session."""
        fresh: dict[Scope, tuple[str, AESGCM]] = session.info.get("fresh_keys", {})
        made = {made_id: scope for scope, (made_id, _key) in fresh.items()}
        return self._scopes.get(key_id) or made.get(key_id)

    def know(self, session: Session, key_ids: Iterable[str]) -> None:
        """Opens data keys in one question, before many texts are read one by one."""
        missing = {key_id for key_id in key_ids if key_id not in self._keys}
        if missing:
            for row in session.exec(select(DataKey).where(col(DataKey.id).in_(missing))):
                with suppress(VaultTrouble):
                    self._remember(row)

    def forget(self, session: Session, scope: Scope) -> None:
        """A key that was destroyed is not remembered either."""
        session.info.get("fresh_keys", {}).pop(scope, None)
        key_id = self._ids.pop(scope, None)
        if key_id is not None:
            self._keys.pop(key_id, None)
            self._scopes.pop(key_id, None)

    def know_all(self, session: Session) -> tuple[int, list[DataKey]]:
        """Opens every data key there is: how many open, and those that do not."""
        damaged, sound = [], 0
        for row in session.exec(select(DataKey)):
            try:
                self._remember(row)
                sound += 1
            except VaultTrouble:
                damaged.append(row)
        return sound, damaged

    def _remember(self, row: DataKey) -> AESGCM:
        key = AESGCM(self.unwrap(row))
        self._keys[row.id] = key
        scope = Scope(row.kind, row.owner_id)
        self._ids[scope], self._scopes[row.id] = row.id, scope
        return key

    def _make(self, session: Session, scope: Scope, fresh: dict[Scope, tuple[str, AESGCM]]) -> tuple[str, AESGCM]:
        """A new key counts for this turn only until it is read back: a turn that is rolled back leaves none behind."""
        key_id, key = new_id(), os.urandom(KEY_BYTES)
        wrapped = self.wrap(key_id, scope, key)
        values = {"id": key_id, "kind": scope.kind, "owner_id": scope.owner_id, "wrapped": wrapped}
        if not insert_once(session, DataKey, {**values, "made_at": datetime.now(UTC)}, "kind", "owner_id"):
            row = _row_of(session, scope)
            assert row is not None
            return row.id, self._remember(row)
        fresh[scope] = (key_id, AESGCM(key))
        return fresh[scope]


def seal(session: Session, row: Sealed, body: Body, scope: Scope) -> None:
    """Put `body` into the row's sealed column, readable only with the scope's data key.

    Raises VaultTrouble over something that cannot be read: what a backup may bring back is not written over, and
    the words shown in its place are no words of anybody.
    """
    text = body.model_dump_json().encode()
    noted = cannot_read(session)
    if noted and ((_kind(row), row.id) in noted or _GONE in text):
        raise VaultTrouble(database_wording.CANNOT_CHANGE)
    key_id, key = _vault(session).key_for(session, scope)
    nonce = os.urandom(NONCE_BYTES)
    row.sealed_no = (row.sealed_no or 0) + 1
    row.sealed = bytes([VERSION]) + bytes.fromhex(key_id) + nonce + key.encrypt(nonce, text, _place(row, VERSION))


def unseal(session: Session, row: Sealed, kind: type[B]) -> B:
    """What the row's sealed column holds. Empty column, empty body.

    One that was changed by hand or damaged raises VaultTrouble; after `show_what_opens` its place is marked instead.
    """
    try:
        return opened(session, row, kind)
    except VaultTrouble:
        if _NOTED not in session.info:
            raise
        session.info[_NOTED].setdefault((_kind(row), row.id), whose(session, row))
        return kind.unreadable()


def show_what_opens(session: Session) -> None:
    """From now on a text that does not open is shown as one that cannot be read, and noted: the rest can be used."""
    session.info.setdefault(_NOTED, {})


def cannot_read(session: Session) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """What did not open in this session so far: table and row, each with its unit and its family."""
    found: dict[tuple[str, str], tuple[str | None, str | None]] = session.info.get(_NOTED, {})
    return found


def opened(session: Session, row: Sealed, kind: type[B]) -> B:
    """The same as `unseal`, and always VaultTrouble for what does not open."""
    text = _text(session, row)
    if text is None:
        return kind()
    body = kind.model_validate_json(text)
    held: dict[str, dict[str, Body]] | None = session.info.get(OPENED)
    if held is not None:
        held.setdefault(row.sealed[1:17].hex(), {})[row.id] = body
    return body


def check_opens(session: Session, row: Sealed) -> None:
    """Raises VaultTrouble where a row's sealed column does not open."""
    _text(session, row)


def _text(session: Session, row: Sealed) -> bytes | None:
    if not row.sealed and not row.sealed_no:
        return None
    if len(row.sealed) < HEADER_BYTES or not _is_known(row.sealed[0], row.sealed_no):
        raise VaultTrouble(database_wording.TAMPERED)
    version, key_id = row.sealed[0], row.sealed[1:17].hex()
    key = _vault(session).key_by_id(session, key_id)
    nonce, sealed = row.sealed[17:HEADER_BYTES], row.sealed[HEADER_BYTES:]
    try:
        return key.decrypt(nonce, sealed, _place(row, version))
    except InvalidTag as wrong:
        raise VaultTrouble(database_wording.TAMPERED) from wrong


def raw_texts(session: Session, table: str, rows: Iterable[Any]) -> Iterator[tuple[str, bytes]]:
    """Many texts of one table as they lie sealed, id by id, quickly; one that does not open is left out.

    Nobody has read them by this: what is shown of them is opened again, and noted then.
    """
    vault, keys = _vault(session), dict[bytes, AESGCM | None]()
    for row_id, sealed, number in rows:
        if len(sealed) < HEADER_BYTES or not _is_known(sealed[0], number):
            continue
        key_id = sealed[1:17]
        if key_id not in keys:
            keys[key_id] = _key_or_none(session, vault, key_id.hex())
        key = keys[key_id]
        if key is None:
            continue
        place = f"{table}|sealed|{row_id}|{sealed[0]}" + ("" if sealed[0] == UNNUMBERED else f"|{number}")
        with suppress(InvalidTag):
            yield row_id, key.decrypt(sealed[17:HEADER_BYTES], sealed[HEADER_BYTES:], place.encode())


def _key_or_none(session: Session, vault: Vault, key_id: str) -> AESGCM | None:
    try:
        return vault.key_by_id(session, key_id)
    except VaultTrouble:
        return None


def open_keys(session: Session, rows: Iterable[Sealed]) -> None:
    """The data keys of all these rows in one question; unsealing them then asks for nothing."""
    _vault(session).know(session, (row.sealed[1:17].hex() for row in rows if row.sealed))


def ref_index(session: Session, case_reference: str) -> str:
    """The keyed hash by which a family is found; capitals and spaces around do not matter."""
    return _vault(session).index(case_reference)


def key_opens(session: Session, vault: Vault) -> bool:
    """Does this master key open the database? An empty one opens with any key, and one damaged key stops nobody."""
    first = session.exec(select(DataKey).limit(1)).first()
    return first is None or vault.opens(first) or any(map(vault.opens, session.exec(select(DataKey))))


def rewrap(session: Session, old: Vault, new: Vault) -> int:
    """Change the master key: every data key is wrapped anew, no text is touched. Returns the number of keys.

    Case references are indexed under the new key too. Raises VaultTrouble where `old` is not the right key. What is
    damaged stays as it is, and keeps nobody else from the new key.
    """
    rows = session.exec(select(DataKey)).all()
    sound = [row for row in rows if old.opens(row)]
    if rows and not sound:
        raise VaultTrouble(database_wording.WRONG_KEY)
    for row in sound:
        row.wrapped = new.wrap(row.id, Scope(row.kind, row.owner_id), old.unwrap(row))
        session.add(row)
    session.flush()
    session.info["vault"] = new
    index_anew(session, new)
    return len(sound)


def index_anew(session: Session, vault: Vault) -> None:
    """Case references are found under this key from now on."""
    for family in session.exec(select(Family)).all():
        with suppress(VaultTrouble):
            family.ref_index = vault.index(opened(session, family, FamilyBody).ref)
            session.add(family)
    session.flush()


def _vault(session: Session) -> Vault:
    vault: Vault = session.info["vault"]
    return vault


def _row_of(session: Session, scope: Scope) -> DataKey | None:
    asked = select(DataKey).where(DataKey.kind == scope.kind, DataKey.owner_id == scope.owner_id)
    with session.no_autoflush:
        return session.exec(asked).first()


def _kind(row: Any) -> str:
    name: str = row.__table__.name
    return name


def whose(session: Session, row: Any) -> tuple[str | None, str | None]:
    """The unit and the family of a row, as far as the row says it."""
    family_id = row.id if _kind(row) == "family" else getattr(row, "family_id", None)
    unit_id = getattr(row, "unit_id", None)
    if family_id is None and unit_id is None and row.sealed:
        key = session.get(DataKey, row.sealed[1:17].hex())
        family_id = key.owner_id if key is not None and key.kind == "family" else None
    if unit_id is None and family_id is not None:
        family = session.get(Family, family_id)
        unit_id = family.unit_id if family is not None else None
    return unit_id, family_id


def _is_known(version: int, number: int) -> bool:
    return version == VERSION or (version == UNNUMBERED and number == 1)


def _place(row: Any, version: int) -> bytes:
    number = "" if version == UNNUMBERED else f"|{row.sealed_no}"
    return f"{row.__table__.name}|sealed|{row.id}|{version}{number}".encode()


def _key_place(key_id: str, scope: Scope) -> bytes:
    return f"data_key|{scope.kind}|{scope.owner_id}|{key_id}|{KEY_VERSION}".encode()


def _derived(master_key: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=use).derive(master_key)
