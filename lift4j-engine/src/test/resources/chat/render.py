"""Renders every template the way Hugging Face transformers does and writes expected.json (needs jinja2)."""
import json
import pathlib
from datetime import datetime

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2025, 3, 7, 12, 0)
HERE = pathlib.Path(__file__).parent
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def user(content):
    return {"role": "user", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


def system(content):
    return {"role": "system", "content": content}


CONVERSATIONS = [
    [user("What is the capital of France?")],
    [system("Answer in one word."), user("Which planet is red?")],
    [user("Hi"), assistant("Hello!"), user("Name three colours.")],
    [system("  spaces around  "), user("\n two\nlines \n"), assistant(" indented\n"), user("end ")],
    [user("{{ messages }} {% if %} {# no #} <|im_end|> [/INST]"), assistant("\\n is not a newline \\\\ 'q' \"d\""), user("日本 🙂 ½")],
    [user("False"), assistant("false"), user("0")],
    [user("12"), assistant("34"), user("56")],
    [user("Why?"), assistant("<think>\n\nBecause of that.\n</think>\n\nSo."), user("And?"), assistant("<think>\nHm.\n</think>\n\nYes.")],
    [user(""), assistant(""), user(" ")],
    [user("<tool_response>x</tool_response>"), assistant("a</think>b</think>\n\nc")],
    [assistant("I speak first."), user("No.")],
    [user("one"), user("two")],
    [system("only a system message")],
]

environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda format: NOW.strftime(format)

cases = []
for file in sorted(HERE.glob("*.jinja")):
    template = environment.from_string(file.read_text())
    for messages in CONVERSATIONS:
        for prompt in (True, False):
            case = {"template": file.name, "messages": messages, "add_generation_prompt": prompt}
            try:
                case["text"] = template.render(messages=messages, add_generation_prompt=prompt, **TOKENS)
            except jinja2.exceptions.TemplateError as e:
                case["error"] = str(e)
            cases.append(case)
(HERE / "expected.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
