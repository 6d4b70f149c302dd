"""Slack's documented limits, read once from limits.yaml: the numbers and field lists every refusal is made from."""

from functools import cache
from pathlib import Path
from typing import Any

from prompts_and_forms import yaml_lines

Json = dict[str, Any]


@cache
def limits() -> Json:
    """Everything in limits.yaml, as plain dicts and lists."""
    loaded: Json = yaml_lines.load(Path(__file__).parent / "limits.yaml")
    return loaded


def wording(name: str, **values: Any) -> str:
    """The sentence of a refusal. `n` is the limit itself; Slack names the first number that is too many or too few."""
    text: str = limits()["messages"][name]
    if isinstance(values.get("n"), int):
        values |= {"n1": values["n"] + 1, "m1": values["n"] - 1}
    for key, value in values.items():
        text = text.replace("{" + key + "}", str(value))
    return text
