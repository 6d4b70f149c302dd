"""Every package that is installed with the bot, its version and its licence, one a line: `make licences`."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions

OURS = "unit-meeting-bot"


def licence_of(package: Distribution) -> str:
    """What a package says of its licence."""
    about = package.metadata
    said = about.get("License-Expression") or ""
    classed = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    long = about.get("License") or ""
    return said or ", ".join(classed) or (long if long and "\n" not in long else "") or "see its own files"


def lines() -> list[str]:
    """Name, version and licence of every package but the bot itself."""
    found = {one.metadata["Name"]: one for one in distributions() if one.metadata["Name"]}
    return [f"{name}\t{one.version}\t{licence_of(one)}" for name, one in sorted(found.items()) if name != OURS]


if __name__ == "__main__":
    print("\n".join(lines()))
