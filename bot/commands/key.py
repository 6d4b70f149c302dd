"""`unitbot key`: a new key, or shares of one for several safes, of which any few give it back (SLIP-39)."""

from __future__ import annotations

import base64
import re
import sys
from typing import Annotated

import typer

from bot.commands.records import end

MOST, SIZE = 16, 32
PARTS = re.compile(r"(\d{1,2})-of-(\d{1,2})")


def key(
    new: Annotated[str, typer.Argument(hidden=True)] = "new",
    split: Annotated[
        str, typer.Option(help="Print shares of UNITBOT_KEY: 2-of-3 makes three, and any two give it.")
    ] = "",
    join: Annotated[bool, typer.Option("--join", help="Read shares, one a line, and print the key they give.")] = False,
) -> None:
    """Make a key for UNITBOT_KEY and print it; or split the one in the settings into shares; or join shares again."""
    from bot.settings import new_key
    from prompts_and_forms import key_wording

    if split and join:
        end(key_wording.ONE_OF_THEM)
    if split:
        typer.echo(_shares(split))
    elif join:
        if sys.stdin.isatty():
            typer.echo(key_wording.TYPE_THEM, err=True)
        typer.echo(_joined(sys.stdin.read().splitlines()))
    else:
        typer.echo(new_key())


def _shares(parts: str) -> str:
    from shamir_mnemonic import combine_mnemonics, generate_mnemonics

    from bot.settings import SettingsTrouble, read_storage_settings
    from prompts_and_forms import key_wording

    found = PARTS.fullmatch(parts.strip())
    enough, many = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 2 <= enough <= many <= MOST:
        end(key_wording.BAD_PARTS.format(given=parts, most=MOST))
    try:
        secret = read_storage_settings().key
    except SettingsTrouble as trouble:
        end(str(trouble), 2)
    (shares,) = generate_mnemonics(1, [(enough, many)], secret)
    assert combine_mnemonics(shares[-enough:]) == secret
    told = [key_wording.share(number, many, enough, words) for number, words in enumerate(shares, 1)]
    return "\n\n".join([*told, key_wording.WHAT_NOW.format(enough=enough)])


def _joined(lines: list[str]) -> str:
    from shamir_mnemonic import MnemonicError, Share, combine_mnemonics

    from prompts_and_forms import key_wording

    shares = list(dict.fromkeys(" ".join(line.casefold().split()) for line in lines if line.strip()))
    if not shares:
        end(key_wording.NO_SHARES)
    try:
        enough = Share.from_mnemonic(shares[0]).member_threshold
        secret = combine_mnemonics(shares[:enough])
    except (MnemonicError, ValueError, IndexError, KeyError) as wrong:
        end(key_wording.DO_NOT_FIT.format(n=len(shares), why=wrong))
    if len(secret) != SIZE:
        end(key_wording.OTHER_SECRET)
    return base64.b64encode(secret).decode("ascii")
