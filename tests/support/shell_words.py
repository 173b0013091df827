"""The words of a shell script that may be commands."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_bash.language()))


def shell_words(script: str) -> set[str]:
    """All that are neither quoted nor part of a comment or a here-document; a command whose output
    stands in quotes is among them, and so are arguments: a function may be handed over by name."""
    root = _PARSER.parse(script.encode()).root_node
    unread = [node.start_point.row + 1 for node in _nodes(root) if node.type == "ERROR"]
    assert not unread, f"the parser does not understand lines {unread}"
    return {node.text.decode() for node in _nodes(root) if node.type == "word" and node.text}


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)
