"""Judges what outputs write, each file that is named, and says as JSON what it saw.

judge.py junit SCHEMA FILE...   what is wrong with JUnit's XML under a schema
judge.py markdown FILE...       tags, addresses, and text outside code, of Markdown as GitHub reads it
"""

import json
import pathlib
import sys

from lxml import etree, html
from markdown_it import MarkdownIt


def junit(schema, *files):
    judge = etree.XMLSchema(etree.parse(schema))
    wrong = []
    for file in files:
        judge.validate(etree.parse(file))
        wrong += [f"{error.line}: {error.message}" for error in judge.error_log]
    return wrong


def markdown(*files):
    return [page(pathlib.Path(file).read_text(encoding="utf-8")) for file in files]


def page(text):
    # Raw HTML is let through, as the forges do with some of it: nothing of it may be there.
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": True})
    tree = html.fromstring(f"<div>{reader.render(text)}</div>")
    code = {"code", "pre"}
    prose = []
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in code:
            if not any(above.tag in code for above in element.iterancestors()):
                prose.append(element.text or "")
        if element.tail and not any(above.tag in code for above in element.iterancestors()):
            prose.append(element.tail)
    return {
        "tags": sorted({str(element.tag) for element in tree.iter()}),
        "links": sorted({value for _, _, value, _ in tree.iterlinks()}),
        "attributes": sorted({name for element in tree.iter() for name in element.attrib}),
        "rows": len(tree.findall(".//tbody/tr")),
        "cells": sorted({len(row.findall("td")) for row in tree.iterfind(".//tbody/tr")}),
        "code": [element.text_content() for element in tree.iter("code")],
        "prose": prose,
    }


if __name__ == "__main__":
    print(json.dumps({"junit": junit, "markdown": markdown}[sys.argv[1]](*sys.argv[2:])))
