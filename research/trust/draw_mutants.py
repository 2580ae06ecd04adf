"""Draw errors to put into the code, with the operators of Cosmic Ray and a seed.

    python research/trust/draw_mutants.py SEED COUNT FILE [FILE ...]

Runs where `.ci/mutants.txt` is installed and imports nothing of the project. Places are drawn,
each as likely as any other, and at each place one of the errors that can be put there: a
comparison has ten, a constant two, and would otherwise be drawn five times as rarely. What is
drawn follows from the seed and the line: other lines may change, and it is drawn again. Type
annotations are left out: what is wrong in one fails on import, or says nothing to a machine;
so is what does not compile.
Prints JSON: how many places there are, and for each error drawn its file, line, operator and
the whole text of the file with it.
"""

import ast
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

WITHOUT = ("core/NoOp",)
Place = tuple[str, tuple[int, int]]


def annotated(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where the annotations of a module begin and end, as lines and columns."""
    spans = []
    for node in ast.walk(ast.parse(source)):
        for child in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(child, ast.AST):
                first = (child.lineno, child.col_offset)
                spans.append((first, (child.end_lineno, child.end_col_offset)))
    return spans


def places(path: str) -> dict[Place, list[tuple[str, int]]]:
    """Each place of a file, and the operators and occurrences that change it."""
    source = Path(path).read_text("utf-8")
    tree, spans = get_ast(source), annotated(source)
    nodes = list(ast_nodes(tree))
    found = defaultdict(list)
    for name in sorted(operator_names()):
        kind = get_operator(name)
        if name in WITHOUT or kind.arguments():
            continue
        operator = kind()
        starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(starts):
            if not any(first <= tuple(start) < last for first, last in spans):
                found[path, tuple(start)].append((name, occurrence))
    return found


def is_python(text: str) -> bool:
    """Whether it can be compiled: a bare star among parameters is no multiplication."""
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def marked(every: Iterable[Place], sources: Mapping[str, str], seed: int) -> dict[Place, str]:
    """A number for each place, made of the seed, its file and its line, whatever its number.

    The same line again in a file has another one, and so has each column of a line.
    """
    seen: Counter[tuple[str, str, int]] = Counter()
    marks = {}
    for path, (row, column) in sorted(every):
        line = sources[path].splitlines()[row - 1]
        here = (path, line.strip(), column - len(line) + len(line.lstrip()))
        seen[here] += 1
        marks[path, (row, column)] = sha256(f"{seed} {here} {seen[here]}".encode()).hexdigest()
    return marks


def main() -> None:
    """Draw and print."""
    seed, count, files = int(sys.argv[1]), int(sys.argv[2]), sorted(sys.argv[3:])
    sources = {path: Path(path).read_text("utf-8") for path in files}
    every = {}
    for path in files:
        every.update(places(path))
    marks = marked(every, sources, seed)
    drawn = []
    for path, start in sorted(every, key=marks.__getitem__):
        if len(drawn) == count:
            break
        found = every[path, start]
        name, occurrence = found[int(marks[path, start][-8:], 16) % len(found)]
        text = mutate_code(sources[path], get_operator(name)(), occurrence)
        if text is None or text == sources[path] or not is_python(text):
            continue
        operator = name.removeprefix("core/")
        drawn.append({"file": path, "line": start[0], "operator": operator, "text": text})
    json.dump({"places": len(every), "drawn": drawn}, sys.stdout)


if __name__ == "__main__":
    main()
