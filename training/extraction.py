"""Learn from labelled pages which blocks of a page are its text; write the model that ships.

usage: python training/extraction.py FOLDER... -o MODEL        the model
       python training/extraction.py FOLDER... --cross-validate    its figures on sites that it has not seen

A folder is a set: ID.html or ID.html.gz, and gold.jsonl with {id, url, site, text} a line. See training/README.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))


def main() -> None:
    """Read the arguments, learn, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--name", default="blocks-9", help="what a manifest calls the model")
    arguments = parser.parse_args()
    if not arguments.output and not arguments.cross_validate:
        parser.error("say -o MODEL or --cross-validate")

    from training.blocks.export import model_file
    from training.blocks.mixed import mixed_pages
    from training.blocks.network import learned_network
    from training.blocks.pages import labelled_pages, made_up_pages
    from training.blocks.recipe import crossed_scores, folds_of, learn, table
    from training.blocks.validate import cross_validated

    pages = [*labelled_pages(arguments.folders), *made_up_pages()]
    data = table(pages, mixed_pages(pages, folds_of(pages)))
    print(f"{len(data.pages)} pages, {len(data.page)} blocks, {len(set(data.site.tolist()))} sites", flush=True)
    if arguments.cross_validate:
        print(cross_validated(data))
    if arguments.output:
        learned, network = learn(data, crossed_scores(data, data.every)), learned_network(data, data.every)
        arguments.output.write_bytes(model_file(arguments.name, learned.passes, network, learned.weights))
        print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
