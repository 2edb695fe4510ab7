"""The OpenAPI document as one page to read: no script, nothing fetched from anywhere.

Made of the document alone, so it shows what is true. Every text in it is escaped.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from chalicelib.api.problems import DEFECT, status_of, tree
from chalicelib.api.stylesheet import CSS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chalicelib.domain.errors import PayoutError

Node = dict[str, Any]
_LINKS = (
    '<p><a href="openapi.json">openapi.json</a> · <a href="#problems">problems</a> · '
    '<a href="#schemas">schemas</a></p>'
)
_OPTIONAL = "<span class=soft> (optional)</span>"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def page(document: Node) -> str:
    """The page."""
    info = document["info"]
    parts = [
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>",
        _LINKS,
        *_operations(document),
        *_problems(),
        '<h2 id="schemas">Schemas</h2>',
        *(_schema(name, each) for name, each in document["components"]["schemas"].items()),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{CSS}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _operations(document: Node) -> Iterator[str]:
    """By tag, in the order of the document; what only browsers ask is left out."""
    by_tag: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "options":
                shown = _operation(path, method, operation)
                by_tag.setdefault(operation["tags"][0], []).append(shown)
    for tag, shown_ones in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>{''.join(shown_ones)}"


def _operation(path: str, method: str, operation: Node) -> str:
    inside = [f"<p>{escape(operation['description'])}</p>"]
    if operation["parameters"]:
        rows = [_parameter(each) for each in operation["parameters"]]
        inside.append("<h3>Parameters</h3>" + _table(("name", "in", "what"), rows))
    if "requestBody" in operation:
        inside.append("<h3>Body</h3>" + _content(operation["requestBody"]["content"]))
    for status, response in operation["responses"].items():
        heading = f"<h3>{status} <span class=soft>{escape(response['description'])}</span></h3>"
        inside.append(heading + _content(response.get("content", {}), brief=status >= "4"))
    return (
        f'<details id="{escape(operation["operationId"])}"><summary>'
        f'<span class="method {method}">{method.upper()}</span><code>{escape(path)}</code>'
        f"<span>{escape(operation['summary'])}</span></summary>"
        f'<div class="inside">{"".join(inside)}</div></details>'
    )


def _parameter(parameter: Node) -> tuple[str, ...]:
    needed = "" if parameter["required"] else _OPTIONAL
    words = escape(parameter.get("description", ""))
    what = f"{_type(parameter['schema'])}{'. ' if words else ''}{words}"
    return f"<code>{escape(parameter['name'])}</code>{needed}", escape(parameter["in"]), what


def _content(content: Node, *, brief: bool = False) -> str:
    parts = []
    for kind, media in content.items():
        parts.append(f"<p><code>{escape(kind)}</code> {_type(media['schema'])}</p>")
        shown = [] if brief else media.get("examples", {}).values()
        parts += [f"<pre>{escape(json.dumps(each['value'], indent=2))}</pre>" for each in shown]
    return "".join(parts)


def _schema(name: str, schema: Node) -> str:
    needed = schema.get("required", ())
    rows = [
        (
            f"<code>{escape(each)}</code>{'' if each in needed else _OPTIONAL}",
            _type(node),
            escape(node.get("description", "")),
        )
        for each, node in schema.get("properties", {}).items()
    ]
    body = _table(("field", "type", ""), rows) if rows else f"<p>{_type(schema)}</p>"
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code>'
        f"<span>{escape(schema.get('description', ''))}</span></summary>"
        f'<div class="inside">{body}</div></details>'
    )


def _type(schema: Node) -> str:
    """A schema in a few words, with links to those that have a name."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " or ".join(_type(each) for each in schema[word])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return escape(str(schema.get("format") or schema.get("type", "anything")))


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _problems() -> Iterator[str]:
    """Every code that a problem can have, where its `type` leads to."""
    rows = [
        (_anchor(kind.code), str(int(status_of(kind))), escape(_words(kind))) for kind in tree()
    ]
    rows.append((_anchor("no_such_route"), "403", "There is no such route: the gateway says so."))
    rows.append((_anchor(DEFECT), "500", "Something is wrong on our side."))
    yield '<h2 id="problems">Problems</h2>' + _table(("code", "status", "when"), rows)


def _anchor(code: str) -> str:
    return f'<code id="{escape(code)}">{escape(code)}</code>'


def _words(kind: type[PayoutError]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())
