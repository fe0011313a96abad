"""Learn what notices say; write the model that ships.

usage: python -m training.notices FOLDER... [--ordinary FILE...] -o MODEL     the model
       python -m training.notices FOLDER... [--ordinary FILE...] --report     its figures on wording not learned

A folder is a set of labelled pages, of which gold.jsonl is read ({site, lang, text} a line). The ordinary files are
JSONL of {line} or {text}. See training/README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Read the arguments, learn, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--ordinary", nargs="*", type=Path, default=[])
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    if not arguments.output and not arguments.report:
        parser.error("say -o MODEL or --report")

    from training.notices.fit import fitted, model_file
    from training.notices.report import report
    from training.notices.sentences import learned_sentences

    found = learned_sentences(arguments.folders, arguments.ordinary)
    print(f"{len(found)} sentences, {sum(bool(each.kind) for each in found)} of notices", flush=True)
    if arguments.report:
        print(report(found))
    if arguments.output:
        arguments.output.write_bytes(model_file(fitted(found)))
        print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
