"""Folders of nodes: which names every program on the way reads alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.member.layout import check_folders
from components.member.member import members_of
from components.spec import SpecError, load
from tests.spec.stack_files import changed


def layouts(root: str, project: str = "/srv/project"):
    return [member.layout for member in members_of(load(changed(("root", root))), Path(project))]


@pytest.mark.parametrize("root", ["nodes", "/srv/my nodes", "a-b_c.d/é", "$(id)", "a&b"])
def test_these_are_read_alike(root):
    check_folders(layouts(root))


@pytest.mark.parametrize("root", ["50%", 'a"b', "it's", "a\\b", "a #b", "a ;b"])
def test_these_are_refused_once_for_all_nodes(root):
    with pytest.raises(SpecError) as refused:
        layouts(root)
    (problem,) = refused.value.problems
    assert problem.path == "cluster.root"
    assert "holds what not every program on a node reads" in problem.reason


def test_the_projects_own_folder_counts():
    with pytest.raises(SpecError):
        check_folders(layouts("nodes", project="/home/me/100% mine"))
