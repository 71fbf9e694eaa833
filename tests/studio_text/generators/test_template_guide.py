"""The template author's guide is true: its template is taken from the page and written from."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from studio_text.core.template import Base, Instruct, Limits, Output, TemplateField
from studio_text.core.template_parser import parse
from studio_text.generators import prompts
from studio_text.generators.template_generators import generator_for

from studio.core.authoring import describe

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def test_its_template_is_good() -> None:
    (source,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    template = parse(source.encode(), "release-note.toml")
    description = describe("text", generator_for(template))
    assert description.id == "text/release-note"
    values = {"changes": "faster start", "product": "", "tone": "plain"}
    messages = prompts.conversation(template, values, prompts.Wishes(words=80))
    assert [message.role for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[-1].content == (
        "Write a release note.\nChanges:\n- faster start\n\nTone: plain and exact. One sentence for each "
        "change, the most useful one first.\n\nRules:\n- Write about 80 words.\n- Stay under 600 characters."
    )


def test_every_setting_is_in_it() -> None:
    for table in (TemplateField, Instruct, Base, Output, Limits):
        for field in msgspec.structs.fields(table):
            assert f"`{field.name}" in PAGE, (table, field.name)
