"""Made-up listings of code, in the looks of a dozen languages; they do nothing."""

from __future__ import annotations

from random import Random

_NAMES = (
    "buffer", "cell", "count", "depth", "drain", "entry", "flush", "handle", "index", "level", "limit",
    "mask", "node", "offset", "open", "parse", "queue", "reader", "report", "retry", "scan", "seek",
    "size", "split", "state", "stream", "table", "tick", "token", "value", "width", "window",
)  # fmt: skip
_TYPES = ("int", "char *", "size_t", "bool", "double", "String", "List<T>", "Vec<u8>", "&str", "void")
_SHAPES = (
    "def {a}({b}, {c}={n}):\n    {d} = []\n    for {e} in {b}:\n        {d}.append({e} + {c})\n    return {d}",
    "#include <{a}.h>\n\nint main(void)\n{\n    {t} {b} = {n};\n    printf(\"%d\\n\", {c}({b}));\n    return 0;\n}",
    "$ {a} --{b}={n} {c}.txt\n{d}: {n} {e}s read",
    "{\n  \"{a}\": {n},\n  \"{b}\": [\"{c}\", \"{d}\"],\n  \"{e}\": null\n}",
    "<{a} {b}=\"{n}\">\n  <{c}>{d}</{c}>\n</{a}>",
    "[{a}]\n{b} = {n}\n# {c}\n{d} = {e}",
    "SELECT {a}, count({b})\n  FROM {c}\n WHERE {d} > {n}\n GROUP BY {a};",
    "(define ({a} {b} {c})\n  (if (> {b} {n})\n      ({d} {c})\n      ({a} (+ {b} 1) ({e} {c}))))",
    "> ({a} '({b} {c}) {n})\n'({d} . {e})",
    "fn {a}({b}: {t}) -> Option<usize> {\n    let mut {c} = {n};\n    {b}.iter().map(|{d}| {d} + {c}).max()\n}",
    "const {a} = require('{b}');\n\n{a}.on('{c}', ({d}) => {\n  console.log({d}.{e}, {n});\n});",
    ">>> {a} = {b}({n})\n>>> {a}.{c}\n{n}",
    "{a} :: {b} -> [{c}] -> IO ()\n{a} {d} = mapM_ ({e} {d})",
    "try ({a} {b} = new {a}({n})) {\n    {b}.{c}();\n} catch ({d}Exception {e}) {\n    throw new {d}Error({e});\n}",
    "{a} {b}\t{n}\n{c} {d}\t{n}\n{e}\t{n}",
)  # fmt: skip
_SIGNATURES = ("{t} {a}({t} {b}, {t} {c})", "{a}({b}, {c}={n}, *, {d}=None)", "{a} :: {b} => {c} -> {d} -> Maybe {c}",
               "pub fn {a}<T>({b}: &T, {c}: usize) -> Result<T, {d}>", "({a} {b} [#:{c} {c}]) → {d}?",
               "public static {t} {a}({t} {b}) throws {c}Exception", "{a}.{b}({c}[, {d}])", "#define {a}_{b}({c})",
               "{a} [--{b}] [--{c}=<n>] [<{d}>…]", "template<class {a}> {t} {b}(const {a}& {c});")  # fmt: skip


def listing(draw: Random) -> str:
    """Return some lines of code."""
    return _filled(draw.choice(_SHAPES), draw)


def signature(draw: Random) -> str:
    """Return the head of a function, a macro or a command."""
    return _filled(draw.choice(_SIGNATURES), draw)


def _filled(shape: str, draw: Random) -> str:
    for name in "abcde":
        word = draw.choice(_NAMES) + draw.choice(("", "", "", "_" + draw.choice(_NAMES)))
        shape = shape.replace(f"{{{name}}}", word)
    for name, values in (("{t}", _TYPES), ("{n}", [str(number) for number in range(2, 130)])):
        while name in shape:
            shape = shape.replace(name, draw.choice(values), 1)
    return shape
