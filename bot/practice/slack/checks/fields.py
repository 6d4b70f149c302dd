"""Reads one payload field by field. Each kind of field in limits.yaml has one method here, found by its name."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.practice.slack.checks.charts import check_chart
from bot.practice.slack.limits import Json, limits, wording

Check = Callable[[Any, Json, str], None]


def _type_of(item: Any) -> str | None:
    kind = item.get("type") if isinstance(item, dict) else None
    return kind if isinstance(kind, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class Reading:
    """One message or view being read: what is wrong so far, and what must be counted over the whole of it."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.faults: list[tuple[str, str]] = []
        self.block_ids: set[str] = set()
        self.within_input = False
        self.markdown = 0
        self.tables = 0
        self.charts = 0
        self.focused = 0
        self.cell_characters: dict[str, int] = {}
        self.kinds: dict[str, Check] = {
            "string": self._string,
            "bool": self._bool,
            "integer": self._integer,
            "enum": self._enum,
            "opaque": lambda value, spec, at: None,
            "chart": lambda value, spec, at: check_chart(value, at, self.fault),
            "opaque_list": self._opaque_list,
            "string_list": self._string_list,
            "enum_list": self._enum_list,
            "text": self._text,
            "texts": self._texts,
            "option": self._option,
            "options": self._options,
            "option_groups": self._option_groups,
            "confirm": self._composition("confirm"),
            "filter": self._composition("filter"),
            "dispatch_action_config": self._composition("dispatch_action_config"),
            "slack_file": self._composition("slack_file"),
            "rich_text": self._rich_text,
            "rich_text_elements": lambda value, spec, at: self._rich_containers(value, at, None),
            "rows": self._rows,
            "element": lambda value, spec, at: self._element(value, spec, at, set()),
            "elements": self._elements,
            "blocks": self._nested_blocks,
            "surface_blocks": lambda value, spec, at: self.blocks_of_surface(value, at),
        }

    def fault(self, name: str, at: str, **values: Any) -> None:
        """Notes a fault, by the name of its sentence and the place."""
        self.faults.append((wording(name, **values), at))

    def total_faults(self, at: str) -> Iterator[tuple[str, str]]:
        """What only shows when the whole payload has been read."""
        charts = limits()["payload_rules"]["data_visualizations_per_message"]["max"]
        if self.charts > charts:
            yield wording("max_items", n=charts), at
        for block, characters in self.cell_characters.items():
            most = limits()["blocks"][block]["total_chars"]
            if characters > most:
                yield wording("max_length", n=most), at
        if self.focused > limits()["uniqueness"]["focus_on_load"]["max_true"]:
            yield wording("one_of"), at

    def no_input_without_submit(self, blocks: Any) -> None:
        """Notes a view that asks something and cannot be sent."""
        for i, block in enumerate(blocks if isinstance(blocks, list) else ()):
            if isinstance(block, dict) and block.get("type") == "input":
                self.fault("modal_submit", f"/view/blocks/{i}/input")
                return

    def thing(self, value: Any, spec: Json, at: str, also: tuple[str, ...] = ()) -> None:
        """An object with named fields: none unknown, none missing, each right, and the rules between them kept."""
        if not isinstance(value, dict):
            return self.fault("type_object", at)
        fields: Json = spec.get("fields") or {}
        for name in value:
            if name not in fields and name not in also:
                self.fault("additional", at, field=name)
        for name, field in fields.items():
            if name in value:
                self.kinds[field["kind"]](value[name], field, f"{at}/{name}")
            elif field.get("required"):
                self.fault("required", at, field=name)
        if len(value) < spec.get("min_properties", 0):
            self.fault("min_properties", at, n=spec["min_properties"])
        for rule in spec.get("rules", ()):
            self._rule(rule, value, at)

    def _rule(self, rule: Json, value: Json, at: str) -> None:
        present = sum(field in value for field in rule.get("fields", ()))
        match rule["kind"]:
            case "any_of" if not present:
                self.fault(rule.get("message", "any_of"), f"{at}/type" if "message" in rule else at)
            case "exactly_one" if present != 1:
                self.fault("one_of", at)
            case "le":
                self._in_order(rule, value, at)
            case "initial_subset" if value.get(rule["initial"]) is not None:
                self._initial_is_offered(rule, value, at)
            case "file_input_dispatch" if value.get("dispatch_action"):
                element = value.get("element")
                if isinstance(element, dict) and element.get("type") == "file_input":
                    self.fault("unsupported_type", f"{at}/element/type", value="file_input")

    def _in_order(self, rule: Json, value: Json, at: str) -> None:
        try:
            low, high = float(value[rule["low"]]), float(value[rule["high"]])
        except (KeyError, TypeError, ValueError):
            return
        if low > high:
            self.fault("maximum", f"{at}/{rule['low']}", n=value[rule["high"]])

    def _initial_is_offered(self, rule: Json, value: Json, at: str) -> None:
        offered: list[Any] = []
        for field in rule["of"]:
            for entry in _list(value.get(field)):
                group = isinstance(entry, dict) and "options" in entry
                offered.extend(_list(entry["options"]) if group else [entry])
        initial = value[rule["initial"]]
        chosen = initial if isinstance(initial, list) else [initial]
        if any(option not in offered for option in chosen):
            self.fault("initial_not_in_options", f"{at}/{rule['initial']}")

    # plain values

    def _string(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, str):
            return self.fault("type_string", at)
        if len(value) > spec.get("max", len(value)):
            self.fault("max_length", at, n=spec["max"])
        if len(value) < spec.get("min", 0):
            self.fault("min_length", at, n=spec["min"])
        if "pattern" in spec and not re.search(spec["pattern"], value):
            self.fault("pattern", at, pattern=spec["pattern"])

    def _bool(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, bool):
            return self.fault("type_boolean", at)
        outside = not (self.surface == "modal" and self.within_input)
        if value and spec.get("only_in") == "input_in_modal" and outside:
            self.fault("additional", at, field=at.rsplit("/", 1)[-1])

    def _integer(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            return self.fault("type_integer", at)
        if value > spec.get("maximum", value):
            self.fault("maximum", at, n=spec["maximum"])
        if value < spec.get("minimum", value):
            self.fault("minimum", at, n=spec["minimum"])

    def _enum(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, str):
            self.fault("type_string", at)
        elif value not in spec["enum"]:
            self.fault("enum", at)

    def _count(self, value: Any, spec: Json, at: str) -> list[tuple[Any, str]]:
        if not isinstance(value, list):
            self.fault("type_array", at)
            return []
        if len(value) > spec.get("max_items", len(value)):
            self.fault("max_items", at, n=spec["max_items"])
        if len(value) < spec.get("min_items", 0):
            self.fault("min_items", at, n=spec["min_items"])
        return [(item, f"{at}/{i}") for i, item in enumerate(value)]

    def _opaque_list(self, value: Any, spec: Json, at: str) -> None:
        self._count(value, spec, at)

    def _string_list(self, value: Any, spec: Json, at: str) -> None:
        for item, here in self._count(value, spec, at):
            self._string(item, {k: v for k, v in spec.items() if k == "pattern"}, here)

    def _enum_list(self, value: Any, spec: Json, at: str) -> None:
        items = self._count(value, spec, at)
        for item, here in items:
            self._enum(item, spec, here)
        if spec.get("unique") and len({json.dumps(item) for item, _ in items}) < len(items):
            self.fault("duplicate_items", at)

    # texts, options and the other small objects

    def _text(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, dict):
            return self.fault("type_object", at)
        shape = limits()["composition"]["text"]["fields"]
        kind, either = value.get("type"), spec["text"] == "any"
        if kind not in (shape["type"]["enum"] if either else [spec["text"]]):
            self.fault("unsupported_type" if either else "enum", f"{at}/type", value=kind)
        if "text" in value:
            length = {k: spec.get(k, shape["text"][k]) for k in ("min", "max")}
            self._string(value["text"], length, f"{at}/text")
        else:
            self.fault("required", at, field="text")
        for name in value.keys() - {"type", "text"}:
            if shape.get(name, {}).get("only_for") != kind:
                self.fault("additional", at, field=name)
            elif not isinstance(value[name], bool):
                self.fault("type_boolean", f"{at}/{name}")

    def _texts(self, value: Any, spec: Json, at: str) -> None:
        for item, here in self._count(value, spec, at):
            self._text(item, {"text": spec["text"], "max": spec["item_max"]}, here)

    def _option(self, value: Any, spec: Json, at: str) -> None:
        shape, flavour = limits()["composition"]["option"], spec["flavour"]
        fields = {}
        for name, field in shape["fields"].items():
            if field.get("only_flavour", flavour) != flavour:
                continue
            by_flavour = field.get("text") == "by_flavour"
            fields[name] = {**field, "text": shape["flavours"][flavour]} if by_flavour else field
        self.thing(value, {"fields": fields}, at)

    def _options(self, value: Any, spec: Json, at: str) -> None:
        for item, here in self._count(value, spec, at):
            self._option(item, spec, here)

    def _option_groups(self, value: Any, spec: Json, at: str) -> None:
        for item, here in self._count(value, spec, at):
            self.thing(item, limits()["composition"]["option_group"], here)

    def _composition(self, name: str) -> Check:
        return lambda value, spec, at: self.thing(value, limits()["composition"][name], at)

    # rich text and tables

    def _rich_text(self, value: Any, spec: Json, at: str) -> None:
        if not isinstance(value, dict) or value.get("type") != "rich_text":
            return self.fault("type_object", at)
        self._rich_containers(value.get("elements"), f"{at}/elements", None)

    def _rich_containers(self, value: Any, at: str, only: list[str] | None) -> None:
        for item, here in self._count(value, {}, at):
            kind = _type_of(item)
            shape = limits()["rich_text"]["containers"].get(kind)
            if shape is None or (only is not None and kind not in only):
                self.fault("unsupported_type", f"{here}/type", value=kind)
                continue
            self._container_fields(item, shape, here)
            if isinstance(shape["elements"], list):
                self._rich_containers(item.get("elements"), f"{here}/elements", shape["elements"])
                continue
            for leaf, spot in self._count(item.get("elements"), {}, f"{here}/elements"):
                self._leaf(leaf, spot)

    def _container_fields(self, item: Json, shape: Json, at: str) -> None:
        allowed = {"type", "elements", *shape, *shape.get("optional", ())} - {"optional", "offset_min"}
        if "offset_min" in shape:
            allowed.add("offset")
        for name in item.keys() - allowed:
            self.fault("additional", at, field=name)
        if "style" in shape and item.get("style") not in shape["style"]:
            self.fault("enum", f"{at}/style")
        for name in ("indent", "border"):
            if name in shape and name in item:
                low, high = shape[name]
                self._integer(item[name], {"minimum": low, "maximum": high}, f"{at}/{name}")

    def _leaf(self, leaf: Any, at: str) -> None:
        kind = _type_of(leaf)
        shape = limits()["rich_text"]["leaves"].get(kind)
        if shape is None:
            return self.fault("unsupported_type", f"{at}/type", value=kind)
        for name in shape["required"]:
            if name not in leaf:
                self.fault("required", at, field=name)
        for name in leaf.keys() - {"type", *shape["required"], *shape["optional"]}:
            self.fault("additional", at, field=name)
        if "style" not in leaf:
            return
        if not isinstance(leaf["style"], dict) or not leaf["style"]:
            return self.fault("additional", at, field="style")
        for name in leaf["style"].keys() - set(limits()["rich_text"]["style_keys"]):
            self.fault("additional", f"{at}/style", field=name)

    def _rows(self, value: Any, spec: Json, at: str) -> None:
        block = "data_table" if spec.get("same_width") else "table"
        widths = set()
        for i, (row, here) in enumerate(self._count(value, spec, at)):
            cells = self._count(row, {"max_items": spec["max_cells"]}, here)
            widths.add(len(cells))
            for cell, spot in cells:
                kind = _type_of(cell)
                if kind not in spec["cells"] or (i == 0 and kind == spec.get("header_without")):
                    self.fault("unsupported_type", f"{spot}/type", value=kind)
                    continue
                shown = json.dumps(cell.get("text", cell.get("elements", cell.get("value", ""))))
                self.cell_characters[block] = self.cell_characters.get(block, 0) + len(shown)
        if spec.get("same_width") and len(widths) > 1:
            self.fault("rows_not_same_width", at)

    # elements and blocks

    def _element(self, value: Any, spec: Json, at: str, seen: set[str]) -> None:
        if not isinstance(value, dict):
            return self.fault("type_object", at)
        kind = value.get("type")
        if kind is None:
            return self.fault("required", at, field="type")
        if kind not in limits()["groups"][spec["of"]]:
            return self.fault("unsupported_type", f"{at}/type", value=kind)
        shape = limits()["elements"][kind]
        if self.surface not in shape["surfaces"]:
            self.fault("unsupported_type", f"{at}/type", value=kind)
        named = not shape.get("no_action_id")
        self.thing(value, shape, at, ("type", "action_id") if named else ("type",))
        if named:
            self._action_id(value, shape, at, seen)
        self.focused += value.get("focus_on_load") is True

    def _action_id(self, value: Json, shape: Json, at: str, seen: set[str]) -> None:
        if "action_id" not in value:
            if shape.get("require_action_id"):
                self.fault("required", at, field="action_id")
            return
        action_id = value["action_id"]
        self._string(action_id, limits()["elements"]["common"]["action_id"], f"{at}/action_id")
        if isinstance(action_id, str):
            if action_id in seen:
                self.fault("action_id_unique", f"{at}/action_id", value=action_id)
            seen.add(action_id)

    def _elements(self, value: Any, spec: Json, at: str) -> None:
        seen: set[str] = set()
        texts = limits()["composition"]["text"]["types"]
        for item, here in self._count(value, spec, at):
            if spec.get("or_text") and isinstance(item, dict) and item.get("type") in texts:
                self._text(item, {"text": spec["or_text"]}, here)
            else:
                self._element(item, spec, here, seen)

    def _nested_blocks(self, value: Any, spec: Json, at: str) -> None:
        for item, here in self._count(value, spec, at):
            self._block(item, here, spec["of"])

    def blocks_of_surface(self, value: Any, at: str) -> None:
        """The blocks of a message, modal or Home tab: how many, which types, and each of them."""
        surface = limits()["surfaces"][self.surface]
        for item, here in self._count(value, {"max_items": surface["max_blocks"]}, at):
            self._block(item, here, surface["blocks"])

    def _block(self, block: Any, at: str, allowed: list[str]) -> None:
        if not isinstance(block, dict):
            return self.fault("type_object", at)
        kind = block.get("type")
        if kind is None:
            return self.fault("required", at, field="type")
        if kind not in allowed or kind not in limits()["blocks"]:
            return self.fault("unsupported_type", f"{at}/type", value=kind)
        self.within_input = kind == "input"
        self.thing(block, limits()["blocks"][kind], at, ("type", "block_id"))
        if "block_id" in block:
            self._block_id(block["block_id"], f"{at}/block_id")
        if kind == "markdown" and isinstance(block.get("text"), str):
            self.markdown += len(block["text"])
        self.tables += kind in limits()["payload_rules"]["tables_per_message"]["types"]
        self.charts += kind == "data_visualization"

    def _block_id(self, block_id: Any, at: str) -> None:
        self._string(block_id, limits()["blocks"]["common"]["block_id"], at)
        if not isinstance(block_id, str):
            return
        if block_id in self.block_ids:
            self.fault("block_id_unique", at, value=block_id)
        self.block_ids.add(block_id)
