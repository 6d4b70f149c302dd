"""What a person said, read from messages as Slack sends them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.reading.said import files_in, people_in, words_of
from bot.slack.text import decode
from bot.slack.views import values

NAMES = {"U0ANN": "Ann"}
Json = dict[str, Any]


def meant(message: Json) -> str:
    return words_of(message, NAMES.get)


# ---- emoji


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (":worried:", "😟"),
        ("a hug :hugging_face: and :sunglasses:", "a hug 🤗 and 😎"),
        (":+1::skin-tone-3:", "👍🏼"),
        (":-1:", "👎"),
        (":man-shrugging::skin-tone-5:", "🤷🏾‍♂️"),
        (":flag-gb: :gb:", "🇬🇧 🇬🇧"),
        (":worried::cry:", "😟😢"),
        ("Thanks:+1:", "Thanks👍"),
        (":heart:", "❤️"),
        (":kestrel_unit: :no_such_sign::skin-tone-2:", ":kestrel_unit: :no_such_sign::skin-tone-2:"),
        ("at 10:30:45, ratio 1:100:5", "at 10:30:45, ratio 1:100:5"),
        ("a:b:c", "a:b:c"),
        ("<https://x.gov.uk/:b:/|the :star: page>", "the ⭐ page (https://x.gov.uk/:b:/)"),
    ],
)
def test_emoji_slack_sends_by_name_are_kept_as_signs_and_unknown_names_as_typed(sent: str, kept: str) -> None:
    assert decode(sent) == kept


def test_only_what_slack_says_is_an_emoji_is_one_where_it_says() -> None:
    leaves = [{"type": "text", "text": "room 3 :x: "}, {"type": "emoji", "name": "worried", "unicode": "1f61f"}]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": leaves}]}
    assert meant({"text": "room 3 :x: :worried:", "blocks": [rich]}) == "room 3 :x: 😟"


def test_emoji_typed_into_a_form_are_signs_and_choices_stay_as_they_are() -> None:
    state = {
        "idea": {"v": {"type": "plain_text_input", "value": "calm :slightly_smiling_face:"}},
        "which": {"v": {"type": "static_select", "selected_option": {"value": ":x:"}}},
    }
    assert values({"state": {"values": state}}) == {"idea": "calm 🙂", "which": ":x:"}


# ---- marks


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("in <#C0ABC|>", "in #a channel"),
        ("in <#C123>", "in #a channel"),
        ("in <#C123|kestrel>", "in #kestrel"),
        ("<!subteam^S1>", "@a group"),
        ("<!subteam^S1|@heron-team>", "@heron-team"),
        ("<!subteam^S1|heron-team>", "@heron-team"),
        ("ask <@U9>", "ask @somebody"),
        ("ask <@W9|>", "ask @somebody"),
        ("ask <@U9|ann>", "ask @ann"),
        ("ask <@U0ANN|annie>", "ask @Ann"),
        ("<@B0BOT>", "@somebody"),
        ("<!here|here> <!channel> <!everyone>", "here @channel @everyone"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<!date^1392734382^{date}>", "a date"),
        ("<https://x.gov.uk/a|the leaflet>", "the leaflet (https://x.gov.uk/a)"),
        ("<https://x.gov.uk/a?b=1&amp;c=2|a &amp; b>", "a & b (https://x.gov.uk/a?b=1&c=2)"),
        ("<http://x.gov.uk|x.gov.uk> <http://x.gov.uk/|x.gov.uk>", "x.gov.uk x.gov.uk"),
        ("<https://x.gov.uk/a>", "https://x.gov.uk/a"),
        ("<mailto:a@b.org|a@b.org> <mailto:a@b.org|write to Ann>", "a@b.org write to Ann (a@b.org)"),
        ("<tel:0771|07 71>", "07 71"),
    ],
)
def test_no_mark_of_slacks_is_left_in_what_is_kept(sent: str, kept: str) -> None:
    assert decode(sent, NAMES.get) == kept


# ---- words in blocks only


def test_words_that_are_only_in_blocks_are_read_like_any() -> None:
    leaves = [
        {"type": "text", "text": "ask "},
        {"type": "user", "user_id": "U0ANN"},
        {"type": "text", "text": " about "},
        {"type": "link", "url": "https://x.gov.uk/a", "text": "the leaflet"},
        {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fc", "skin_tone": 3},
        {"type": "emoji", "name": "kestrel"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "broadcast", "range": "here"},
    ]
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("one", "two")]
    rich = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": leaves},
            {"type": "rich_text_list", "style": "bullet", "elements": items},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said Mum"}]},
        ],
    }
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "Who"}, {"type": "raw_text", "text": "What"}]]}
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "in <#C1|hall> :star:"}}
    assert meant({"text": "", "blocks": [rich, table, section]}) == (
        "ask @Ann about the leaflet (https://x.gov.uk/a)👍🏼:kestrel:#a channel@a group@here\n"
        "• one\n• two\nsaid Mum\nWho; What\nin #hall ⭐"
    )


# ---- forwarded


SHARE: Json = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_id": "U0ANN",
    "author_name": "Ann Archer",
    "text": "He slept :zzz: at <#C9|>",
    "fallback": "…",
    "message_blocks": [{"message": {"blocks": []}}],
}


def test_a_forwarded_message_is_kept_as_a_quotation_that_says_so() -> None:
    assert meant({"text": "", "attachments": [SHARE]}) == "Forwarded from Ann: “He slept 💤 at #a channel”"


def test_a_comment_comes_before_what_it_forwards() -> None:
    assert meant({"text": "Look at this", "attachments": [SHARE]}).splitlines()[0] == "Look at this"


def test_who_wrote_it_first_is_said_by_the_name_slack_gives_where_the_bot_knows_none() -> None:
    stranger = {**SHARE, "author_id": "U9", "author_name": "Olu Outside"}
    assert meant({"text": "", "attachments": [stranger]}).startswith("Forwarded from Olu Outside: ")
    nameless = {"is_share": True, "text": "words"}
    assert meant({"text": "", "attachments": [nameless]}) == "Forwarded: “words”"


def test_words_only_in_the_blocks_of_what_was_forwarded_and_what_that_forwarded_are_kept() -> None:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "in blocks"}]}
    inner = {"blocks": [{"type": "rich_text", "elements": [section]}], "attachments": [SHARE]}
    outer = {"is_share": True, "author_name": "Ben", "text": "", "message_blocks": [{"message": inner}]}
    assert meant({"text": "", "attachments": [outer]}) == (
        "Forwarded from Ben: “in blocks\nForwarded from Ann: “He slept 💤 at #a channel””"
    )


def test_a_file_inside_what_was_forwarded_counts_as_a_file() -> None:
    with_file = {**SHARE, "files": [{"mimetype": "image/png"}]}
    assert files_in({"text": "", "attachments": [with_file]}) == ("image",)
    deeper = {**SHARE, "message_blocks": [{"message": {"files": [{"mimetype": "audio/mp4"}]}}]}
    assert files_in({"text": "", "attachments": [deeper]}) == ("audio",)


@pytest.mark.parametrize(
    "message",
    [
        {"text": "", "attachments": [{"is_share": True, "fallback": "[no preview]"}]},
        {"text": "Look", "attachments": [{"is_share": True}]},
        {"text": "", "attachments": [{"image_url": "https://x.org/a.gif"}]},
        {"text": "", "blocks": [{"type": "video"}]},
    ],
)
def test_what_cannot_be_read_is_said_to_be_there_so_that_its_author_hears(message: Json) -> None:
    assert files_in(message) == ("unreadable",)


def test_the_preview_of_a_link_is_not_a_forwarded_message() -> None:
    preview = {"from_url": "https://x.gov.uk", "text": "Leaflets for parents"}
    linked = {**SHARE, "is_share": False}
    message = {"text": "see <https://x.gov.uk>", "attachments": [preview, linked]}
    assert meant(message) == "see https://x.gov.uk"
    assert files_in(message) == ()


def test_people_named_anywhere_in_a_message_are_looked_up() -> None:
    mention = {"type": "user", "user_id": "U2"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [mention]}]}
    message = {"text": "<@U1>", "blocks": [rich], "attachments": [{**SHARE, "text": "<@U3>"}]}
    assert set(people_in(message)) == {"U1", "U2", "U3", "U0ANN"}
