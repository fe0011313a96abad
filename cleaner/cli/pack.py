"""The command `cleaner test-pack`. Nothing heavy is imported before it runs."""

from __future__ import annotations

import click

from cleaner.inert import inert
from cleaner.report.screen import give, say


@click.command("test-pack")
@click.argument("packs", nargs=-1, required=True, metavar="PACK...", type=click.Path(exists=True, dir_okay=False))
def pack(packs: tuple[str, ...]) -> None:
    """Try rule packs of one's own: run their examples, and find what of them can never match.

    An example must lose the lines that it names in `takes`, and no other. Told as well: unknown keys, patterns with
    capitals or accents (lines are compared folded, without them), keys that do nothing. Exits with 0 where all is well,
    1 where something is not.

    \b
    cleaner test-pack my-rules.toml
    """
    from cleaner.check.packs import try_pack

    wrong = 0
    for path in packs:
        problems, read = try_pack(path)
        for problem in problems:
            give(f"{inert(str(problem))}\n")
        wrong += len(problems)
        if read is not None:
            phrases = sum(len(p.sure) + len(p.careful) for p in read.phrases.values())
            patterns = sum(len(p.patterns) for p in read.phrases.values())
            counts = [_number(phrases, "phrase"), _number(patterns, "pattern"), _number(len(read.examples), "example")]
            found = _number(len(problems), "problem") if problems else "all is well"
            say(f"{read.code} {read.name}: {', '.join(counts)}; {found}")
    if wrong:
        raise SystemExit(1)


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
