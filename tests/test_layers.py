"""Imports run one way, inside a noun too, and there is no circle between files anywhere."""

from pathlib import Path

import grimp
import pytest

from bin.pairs import PACKAGES, circle, mutual_pairs

# Inside a noun: a file may import those on lower steps and its neighbours on the same step.
STEPS = [
    {"models"},
    {"services"},
    {"forms", "filters", "resources", "mails"},
    {"views", "api", "admin"},
    {"urls"},
]
STEP = {name: height for height, names in enumerate(STEPS) for name in names}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_no_circle_between_files(graph: grimp.ImportGraph) -> None:
    assert circle(graph) == []


def test_no_two_nouns_import_each_other(graph: grimp.ImportGraph) -> None:
    assert mutual_pairs(graph) == []


def test_no_file_of_a_noun_imports_a_higher_one(graph: grimp.ImportGraph) -> None:
    upward = []
    for module in graph.modules:
        noun, _, name = module.rpartition(".")
        for imported in graph.find_modules_directly_imported_by(module):
            other_noun, _, other = imported.rpartition(".")
            if noun == other_noun and name in STEP and STEP.get(other, -1) > STEP[name]:
                upward.append(f"{module} imports {imported}")
    assert upward == []


def test_tasks_are_imported_by_nothing(graph: grimp.ImportGraph) -> None:
    importers = {
        importer
        for module in graph.modules
        if module.startswith("tasks")
        for importer in graph.find_modules_that_directly_import(module)
        if not importer.startswith("tasks")
    }
    assert importers == set()


def test_every_package_of_the_project_is_checked() -> None:
    root = Path(__file__).resolve().parents[1]
    found = {path.parent.name for path in root.glob("*/__init__.py")}
    assert found == {*PACKAGES, "tests"}
