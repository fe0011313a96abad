"""What the source of the package never does: read pickles from disk, evaluate text, or hand a command to a shell."""

from __future__ import annotations

import re
from pathlib import Path

import cleaner

SOURCE = Path(cleaner.__file__).parent

# `pickle` may stand in prose: values go between our own processes by it.
FORBIDDEN = {
    "pickle": re.compile(
        r"^\s*(?:import|from)\s+(?:pickle|cPickle|dill|cloudpickle|marshal|shelve|joblib)\b|\bpickle\.", re.M
    ),
    "eval or exec": re.compile(r"(?<![\w.])(?:eval|exec|compile)\("),
    "a shell": re.compile(r"shell\s*=\s*True|os\.system\(|os\.popen\(|subprocess\.getoutput"),
    "yaml.load": re.compile(r"yaml\.(?:unsafe_)?load\("),
    "numpy's pickles": re.compile(r"allow_pickle\s*=\s*True"),
    "a guessed temporary name": re.compile(r"tempfile\.mktemp\("),
}


def test_the_source_runs_nothing_that_it_reads() -> None:
    files = sorted(SOURCE.rglob("*.py"))
    assert len(files) > 100
    found = [
        f"{path.relative_to(SOURCE)}: {what}"
        for path in files
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_search_finds_what_it_looks_for() -> None:
    for line in ("import pickle", "x = pickle.loads(b)", "eval(text)", "run(c, shell=True)", "yaml.load(f)"):
        assert any(pattern.search(line) for pattern in FORBIDDEN.values()), line
