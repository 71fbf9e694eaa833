from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from studio_text.generators.engines.chat_template import ChatTemplate
from studio_text.generators.engines.engine import Message

from studio.api import BadInput

from .tiny_tokenizers import CHATML, GEMMA

NAMES = {"bos_token": "<bos>", "eos_token": "<eos>"}
LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ "
    "message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
    "{{ content }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
QWEN3 = """{%- if tools %}{{- 'tools' }}{%- endif %}
{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.multi_step_tool and message.role == "user" and message.content is string %}
        {%- set ns.multi_step_tool = false %}
        {%- set ns.last_query_index = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' + '\\n' }}
    {%- if loop.last or not loop.nextitem %}{{- '' ~ loop.length ~ '\\n' }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""
GEMMA3 = """{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- if messages[0]['content'] is string -%}
        {%- set first_user_prefix = messages[0]['content'] + '

' -%}
    {%- else -%}
        {%- set first_user_prefix = messages[0]['content'][0]['text'] + '

' -%}
    {%- endif -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- set role = "model" if (message['role'] == 'assistant') else message['role'] -%}
    {{ '<start_of_turn>' + role + '
' + (first_user_prefix if loop.first else "") }}
    {%- if message['content'] is string -%}
        {{ message['content'] | trim }}
    {%- elif message['content'] is iterable -%}
        {%- for item in message['content'] -%}{{ item['text'] | trim }}{%- endfor -%}
    {%- endif -%}
    {{ '<end_of_turn>
' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model
'}}
{%- endif -%}
"""
OTHERS = """
{%- macro turn(role, text='') -%}{{ '[' ~ role ~ '] ' ~ text }}{{ caller() if caller }}{%- endmacro -%}
{% generation %}{{ messages | tojson(indent=2) }}{% endgeneration %}
{% for key, value in {'a': 1, 'b': [1, 2.5, none, true]}.items() %}
{{ key }}={{ value }}{{ ', ' if not loop.last }}
{%- endfor %}
{% call turn('x', 'y' * 3) %}{% filter upper %}inner{% endfilter %}{% endcall %}
{% for m in messages if m.role != 'system' %}{% if loop.index > 2 %}{% break %}{% endif %}
{{ m.content.strip().replace('\\n', ' ') | replace('a', 'b') }}
{% else %}none{% endfor %}
{% set block %}{{ messages | map(attribute='role') | join(', ') }}{% endset %}{{ block }}
{{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ missing }} {{ 'a' in 'abc' }}
{{ '-'.join(['1', '2']) }} {{ (1, 2)[0] + 3 ** 2 - 7 // 2 % 3 }} {{ range(3) | list }} {{ 'x'.upper() }}
{{ dict(a=1)['a'] }} {{ messages[0]['content'][:2] }} {{ missing is defined }}
"""
KNOWN = {"chatml": CHATML, "llama3": LLAMA3, "qwen3": QWEN3, "gemma3": GEMMA3, "others": OTHERS}
CONVERSATIONS = [
    [Message("user", "Hi")],
    [Message("system", "Be brief."), Message("user", " Write\na line. ")],
    [Message("user", "A"), Message("assistant", "<think>b</think>\nB"), Message("user", "C \" ' < & ü 🙂")],
]
A_LOT = "{% for i in range(90) %}"
HOSTILE = {
    "loops in loops": "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "a large range": "{{ range(10**9) | list }}",
    "a long text": "{{ 'x' * 10**10 }}",
    "a long list": "{{ ([0] * 10**10) | length }}",
    "large numbers": "{{ 9 ** 9 ** 9 ** 9 }}",
    "large products": "{% set ns = namespace(a=10**70) %}{% for i in range(9999) %}"
    "{% set ns.a = ns.a * ns.a %}{% endfor %}",
    "doubling with ~": "{% set ns = namespace(a='xxxxxxxx') %}"
    "" + A_LOT + "{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
    "doubling with +": "{% set ns = namespace(a='xxxxxxxx') %}"
    "" + A_LOT + "{% set ns.a = ns.a + ns.a %}{% endfor %}",
    "doubling lists": "{% set ns = namespace(a=[1]) %}"
    "" + A_LOT + "{% set ns.a = ns.a + ns.a %}{% endfor %}",
    "lists in lists": "{% set ns = namespace(a=[1]) %}"
    "" + A_LOT + "{% set ns.a = [ns.a, ns.a] %}{% endfor %}{{ ns.a }}",
    "dicts in dicts": "{% set ns = namespace(a=1) %}"
    "" + A_LOT + "{% set ns.a = {1: ns.a, 2: ns.a} %}{% endfor %}{{ ns.a|tojson }}",
    "blocks": "{% set a %}xxxxxxxxxxxxxxxxxxxxxxxxxxx{% endset %}" + "{% set a %}"
    "{{ a }}{{ a }}{% endset %}" * 60 + "{{ a }}",
    "texts in lists": "{% set a = 'x' * 99999 %}{% set b = [a] * 99999 %}{{ b }}",
    "texts in JSON": "{% set a = 'x' * 99999 %}{% set b = [a] * 99999 %}{{ b | tojson }}",
    "texts joined": "{% set a = 'x' * 99999 %}{% set b = [a] * 99999 %}{{ b | join }}{{ ''.join(b) }}",
    "replacing": "{{ ('x' * 99999) | replace('x', 'y' * 99999) }}",
    "replacing by method": "{{ ('x' * 99999).replace('', 'y' * 99999) }}",
    "macros": "{% macro f(n) %}{{ f(n + 1) }}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
    "macros of 2**60": "{% macro f(n) %}{% if n < 60 %}{{ f(n + 1) }}{{ f(n + 1) }}{% endif %}"
    "{% endmacro %}{{ f(0) }}",
    "recursive loops": "{% for a in [1] recursive %}{{ loop([1, 1]) }}{% endfor %}",
    "slices": "{% set a = 'x' * 999999 %}{% set b = [" + "a[1:]," * 999 + "] %}",
    "formats": "{{ '%9999999999d' % 1 }}",
    "formats by method": "{{ '{:>9999999999}'.format('x') }}",
    "formats by filter": "{{ '%9999999999d' | format(1) }}",
    "padding": "{{ 'x'.center(10**10) }}{{ 'x' | center(10**10) }}",
    "dates": "{{ strftime_now('%9999999999d') }}",
    "indents": "{{ [1] | tojson(indent=9999999999) }}",
    "words": "{{ lipsum(n=10**9) }}",
    "filters of filters": "{{ range(9999)|select('in', range(9999)|list)"
    "|map('string')|map('replace','1','9'*9999)|join }}",
    "rejecting": "{% for i in range(9999) %}{{ range(9999)|reject('ge', 0)|list }}{% endfor %}",
    "comparing": "{% set a = 'x' * 999999 ~ 'a' %}{% set b = 'x' * 999999 ~ 'b' %}{% for i in range(9999) %}"
    "{% for j in range(99) %}{{ '' if a == b }}{% endfor %}{% endfor %}",
    "Python's insides": "{{ ().__class__.__base__.__subclasses__() }}",
    "files": "{% include '/etc/passwd' %}",
    "parents": "{% extends 'x' %}",
    "a method that changes": "{{ messages.append(1) }}",
    "deep parentheses": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "deep loops": "{% for a in [1] %}" * 50 + "{% endfor %}" * 50,
    "no template": "{% for %}",
    "its own objection": "{{ raise_exception('No.') }}",
    "too long": "x" * 300_000,
    "a missing value": "{{ messages[7].content.strip() }}",
    "a wrong type": "{{ 1 + 'a' }}",
    "nothing of a number": "{{ 1 / 0 }}",
}  # fmt: skip


def plain(source: str, conversation: list[Message]) -> str:
    """As transformers renders it."""
    utils = pytest.importorskip("transformers.utils.chat_template_utils")
    chat = [{"role": message.role, "content": message.content} for message in conversation]
    texts, _ = utils.render_jinja_template(
        conversations=[chat], chat_template=source, add_generation_prompt=True, **NAMES
    )
    return str(texts[0])


@pytest.mark.slow
@pytest.mark.parametrize("source", KNOWN.values(), ids=KNOWN)
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=["one", "system", "several"])
def test_it_renders_as_transformers(source: str, conversation: list[Message]) -> None:
    assert ChatTemplate(source).render(conversation, NAMES) == plain(source, conversation)


@pytest.mark.slow
@pytest.mark.parametrize("source", [CHATML, LLAMA3, QWEN3, GEMMA3])
@given(content=st.text())
def test_any_message_renders_as_in_transformers(source: str, content: str) -> None:
    conversation = [Message("user", content)]
    assert ChatTemplate(source).render(conversation, NAMES) == plain(source, conversation)


def test_a_long_conversation_is_no_attack() -> None:
    conversation = [Message("user" if i % 2 == 0 else "assistant", "word " * 2000) for i in range(401)]
    for source in (CHATML, LLAMA3, QWEN3, GEMMA3):
        assert len(ChatTemplate(source).render(conversation, NAMES)) > 401 * 9000


def test_what_the_system_says_goes_to_the_user_where_the_model_knows_no_system() -> None:
    conversation = [Message("system", " Be brief. "), Message("user", "Hi"), Message("assistant", "Yes?")]
    text = ChatTemplate(GEMMA).render([*conversation, Message("user", "Bye")], NAMES)
    assert text == (
        "<bos><start_of_turn>user\nBe brief.\n\nHi<end_of_turn>\n<start_of_turn>model\nYes?<end_of_turn>\n"
        "<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n"
    )


def test_a_system_that_a_template_leaves_out_goes_to_the_user() -> None:
    silent = "{% for m in messages if m.role != 'system' %}{{ m.content }}{% endfor %}"
    assert ChatTemplate(silent).render([Message("system", "Be brief."), Message("user", "Hi")], NAMES) == (
        "Be brief.\n\nHi"
    )


def test_what_cannot_be_written_is_told_with_the_reason() -> None:
    with pytest.raises(BadInput, match="cannot write this conversation") as caught:
        ChatTemplate(GEMMA).render([Message("user", "A"), Message("user", "B")], NAMES)
    assert "must alternate" in caught.value.detail


@pytest.mark.parametrize(
    "source", ["{{ raise_exception.__globals__ }}", "{{ '' | attr('__class__') | attr('__mro__') | list }}"]
)
def test_what_lies_behind_values_is_not_there(source: str) -> None:
    assert ChatTemplate(source).render([Message("user", "Hi")], NAMES) in ("", "[]")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_template_is_stopped(source: str) -> None:
    with pytest.raises(BadInput, match="cannot write this conversation"):
        ChatTemplate(source).render([Message("user", "Hi")], NAMES)


VALUES = [
    "messages",
    "m",
    "ns",
    "ns.a",
    "'x'",
    "7",
    "0.5",
    "none",
    "[1, 'a']",
    "{'k': messages}",
    "range(9)",
    "x",
]
ATOMS = st.sampled_from(VALUES)
FILTERS = [
    "list",
    "join",
    "length",
    "tojson",
    "string",
    "first",
    "map('upper')",
    "sort",
    "int",
    "reverse",
    "items",
]


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "*", "~", "**", "%", "in", "==", "<", "and"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(inner, st.sampled_from(FILTERS)).map(lambda parts: f"({parts[0]} | {parts[1]})"),
        inner.map(lambda value: f"{value}[1:]"),
        inner.map(lambda value: f"{value}.content"),
        inner.map(lambda value: f"[{value}, {value}]"),
        inner.map(lambda value: f"{value}.join({value})"),
        inner.map(lambda value: f"dict(a={value})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _larger, max_leaves=6)
STATEMENTS = st.recursive(
    st.one_of(
        EXPRESSIONS.map(lambda value: f"{{{{ {value} }}}}"),
        EXPRESSIONS.map(lambda value: f"{{% set ns.a = {value} %}}"),
        EXPRESSIONS.map(lambda value: f"{{% set x = {value} %}}"),
    ),
    lambda inner: st.one_of(
        st.tuples(EXPRESSIONS, inner).map(lambda p: f"{{% for m in {p[0]} %}}{p[1]}{{% endfor %}}"),
        st.tuples(EXPRESSIONS, inner).map(lambda p: f"{{% if {p[0]} %}}{p[1]}{{% endif %}}"),
        inner.map(lambda body: f"{{% set x %}}{body}{{% endset %}}"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS)
def test_any_template_renders_or_is_refused_in_words(body: str) -> None:
    source = "{% set ns = namespace(a='x') %}" + body
    conversation = [Message("user", "Hi"), Message("assistant", "Yes?")]
    try:
        text = ChatTemplate(source).render(conversation, NAMES)
    except BadInput as refused:
        assert refused.detail
    else:
        assert len(text) < 5_000_000


def test_a_date_in_a_prompt_is_the_same_every_day() -> None:
    """Else a recipe would give another text tomorrow."""
    text = ChatTemplate("{{ strftime_now('%d %B %Y') }}").render([Message("user", "Hi")], NAMES)
    assert text == "01 January 2026"
