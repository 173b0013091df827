"""The words of a shell script that may be commands, and its variables."""

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


def called_commands(script: str) -> set[str]:
    """The names of all commands that are written out."""
    root = _PARSER.parse(script.encode()).root_node
    names = (node for node in _nodes(root) if node.type == "command_name")
    return {_text(node) for node in names if node.children[0].type == "word"}


def assigned_variables(script: str) -> set[str]:
    """By an assignment, a loop or `read`."""
    return set(_assigned(_PARSER.parse(script.encode()).root_node))


def read_variables(script: str) -> set[str]:
    """All whose value is used."""
    root = _PARSER.parse(script.encode()).root_node
    names = (node for node in _nodes(root) if node.type == "variable_name")
    writes = {"variable_assignment", "for_statement"}
    used = (node for node in names if node.parent and node.parent.type not in writes)
    return {name for node in used if (name := _text(node)).isidentifier()}


def comment_lines(script: str) -> set[int]:
    """The lines, from 0, on which a comment begins."""
    root = _PARSER.parse(script.encode()).root_node
    return {node.start_point.row for node in _nodes(root) if node.type == "comment"}


def _assigned(root: Node) -> Iterator[str]:
    for node in _nodes(root):
        if node.type == "variable_assignment":
            yield _text(node.children[0])
        elif node.type == "for_statement" and (variable := node.child_by_field_name("variable")):
            yield _text(variable)
        elif node.type == "command" and _text(node.child_by_field_name("name")) == "read":
            words = map(_text, node.children_by_field_name("argument"))
            yield from (word for word in words if word.isidentifier())


def _text(node: Node | None) -> str:
    return node.text.decode() if node and node.text else ""


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)
