"""`make pairs`: which nouns import each other, and which files do so in a circle; the status is 1 if any do.

A noun is a folder of crm or engagement. Files directly below those two gather the nouns and are not counted.
"""

import sys
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

import grimp

APPS = ("crm", "engagement")
PACKAGES = ("backend", "bench", "bin", "crm", "engagement", "tasks")


def nouns(graph: grimp.ImportGraph, app: str) -> list[str]:
    """The folders of `app` that hold files."""
    return sorted(child for child in graph.find_children(app) if graph.find_children(child))


def mutual_pairs(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """The nouns of one app of which each imports something of the other."""
    return [
        (one, other)
        for app in APPS
        for one, other in combinations(nouns(graph, app), 2)
        if _imports(graph, one, other) and _imports(graph, other, one)
    ]


def _imports(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    return graph.direct_import_exists(importer=importer, imported=imported, as_packages=True)


def circle(graph: grimp.ImportGraph) -> list[str]:
    """Files that import each other in a circle, [] when there is none."""
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def main() -> int:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    pairs, round_about = mutual_pairs(graph), circle(graph)
    for one, other in pairs:
        print(f"{one} ~ {other}")
    print(f"{len(pairs)} pairs of nouns import each other")
    print(f"circle of files: {' -> '.join(round_about) or 'none'}")
    return int(bool(pairs or round_about))


if __name__ == "__main__":
    sys.exit(main())
