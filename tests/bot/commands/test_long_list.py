"""A list of 2,500 lines with 40 faults: each fault is named with its line, and no family comes in by halves."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from sqlmodel import func, select

from prompts_and_forms.references import check_letter
from storage.database.db import Database
from storage.database.tables import Carer, Child, Family
from storage.database.vault import Vault
from storage.family import families
from tests.worlds.command_line import unitbot
from tests.worlds.setting_up import heron_unit

HEAD = (
    "Case reference,Category,Lead worker,Child initials,Child age,Carer initials,Safe contact,Next review,"
    "Child turns 18\n"
)
FAMILIES, LINES, FAULTS = 250, 10, 40
WRONG = (
    ("Category", "goldfish", "is no category"),
    ("Lead worker", "Nobody Here", "nobody in the unit is called"),
    ("Child age", "many", "is no age"),
    ("Child age", "70", "the age does not fit"),
    ("Next review", "31/31/2026", "is no date"),
    ("Child initials", "Theodore", "too long for initials"),
    ("Child initials", "", "the initials of the child are missing"),
    ("Safe contact", "Ring 07700 900123", "the safe-contact warning has"),
    ("Child turns 18", "03/09/2015", "looks like a date of birth"),
    ("Case reference", "", "the case reference is missing"),
)
"""A column, what is wrong in it, and what is said."""


def the_list() -> tuple[str, dict[int, str], set[str]]:
    """Its text, what is wrong on which line, and the references of the families that come in.

    A line without a reference is nobody's: it alone is left out.
    """
    columns = HEAD.strip().split(",")
    rows, wrong, right = [HEAD], {}, set()
    for number in range(FAMILIES):
        ref = f"K{number + 1000}{check_letter(number + 1000)}"
        fault = WRONG[number // 6 % len(WRONG)] if number % 6 == 0 and len(wrong) < FAULTS else None
        right |= {ref} if fault is None or fault[0] == "Case reference" else set()
        for child in range(LINES):
            first = child == 0
            row = dict(
                zip(columns, (ref, "CIN" if first else "", "Ben" if first else "", "", "", "", "", "", ""), strict=True)
            )
            row |= {"Child initials": f"C{chr(65 + child)}", "Child age": str(child + 3)}
            row |= {"Carer initials": "AD", "Next review": "03/12/2026"} if first else {}
            at = 0 if fault and fault[0] in ("Category", "Lead worker", "Next review", "Safe contact") else LINES // 2
            if fault and child == at:
                row[fault[0]] = fault[1]
                wrong[len(rows) + 1] = fault[2]
            rows.append(",".join(row[name] for name in columns) + "\n")
    return "".join(rows), wrong, right


def test_forty_faults_in_a_long_list_are_all_named_and_the_rest_comes_in_whole(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "u.db")
    key, url = base64.urlsafe_b64encode(bytes(32)).decode(), f"sqlite:///{tmp_path}/u.db"
    db = Database.open(url, Vault(bytes(32)))
    unit_id = heron_unit(db)
    text, wrong, right = the_list()
    assert (text.count("\n") - 1, len(wrong)) == (FAMILIES * LINES, FAULTS)
    (tmp_path / "list.csv").write_text(text)
    done = unitbot(tmp_path, "import", "list.csv", "--yes", UNITBOT_KEY=key, DATABASE_URL=url)
    said = {int(line.split()[1].rstrip(",:")): line for line in done.stdout.splitlines() if line.startswith("line ")}
    assert set(wrong) <= set(said), sorted(set(wrong) - set(said))
    assert all(sentence in said[line] for line, sentence in wrong.items()), said
    assert "Done: " in done.stdout
    with db.read() as session:
        there = {families.body(session, one).ref for one in families.every_family(session, unit_id)}
        whole = session.exec(select(Child.family_id, func.count()).group_by(Child.family_id)).all()
        assert session.exec(select(func.count()).select_from(Carer)).one() == len(there)
        assert session.exec(select(func.count()).select_from(Family)).one() == len(there)
    assert there == right
    assert {count for _family, count in whole} == {LINES, LINES - 1}
    db.close()
