"""What several commands have in common: the options of a configuration, and where they write for a person."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleaner.config import Config
    from cleaner.config_file import Configurations

Command = TypeVar("Command", bound="Callable[..., Any]")


def config_options(command: Command) -> Command:
    """Add the options that `configured` takes."""
    return with_options(_RULES, field_options(command))


def field_options(command: Command) -> Command:
    """Add those of them that say where records have what."""
    return with_options((CONFIG, ISOLATED, TEXT_FIELD, HTML_FIELD, _URL_FIELD, ID_FIELD, RECORDS_AT, _STATUS), command)


def with_options(options: Sequence[Callable[[Command], Command]], command: Command) -> Command:
    """Add options, which `--help` lists in this order."""
    for option in reversed(options):
        command = option(command)
    return command


LINE_MODEL = click.option(
    "--line-model",
    metavar="LEVEL|FILE",
    help="How much goes that only reads like boilerplate: off, careful, usual, eager (usual); or a model of your own.",
)
_RULES = (
    click.option(
        "--select",
        metavar="RULES",
        multiple=True,
        help="Run these rules alone: codes (BP101), prefixes (BP) or names, with commas between.",
    ),
    click.option(
        "--extend-select",
        metavar="RULES",
        multiple=True,
        help="Run these rules, too, also where they are off: PD for the text of PDFs, LG103.",
    ),
    click.option("--ignore", metavar="RULES", multiple=True, help="Do not run these rules."),
    click.option(
        "--language",
        "languages",
        metavar="CODES",
        multiple=True,
        help="Keep texts in these languages alone: fr,en.",
    ),
    click.option(
        "--min-share",
        type=click.FloatRange(0, 1),
        help="With --language: the part of a text that has to be in them; 0: most of it (0).",
    ),
    click.option(
        "--site-lines",
        type=click.Path(exists=True, dir_okay=False, resolve_path=True),
        metavar="FILE",
        help="Lines that sites repeat, as `cleaner learn` wrote them.",
    ),
    click.option("--min-words", type=click.IntRange(0), help="Exclude texts with fewer words (0)."),
    click.option(
        "--render",
        type=click.Choice(["plain", "markdown"]),
        help="How the text of a page is written; in a folder Markdown is .md with front matter (plain).",
    ),
    LINE_MODEL,
)
CONFIG = click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False),
    help="cleaner.toml or pyproject.toml; the nearest one, from what is read upwards, is found by itself.",
)
ISOLATED = click.option("--isolated", is_flag=True, help="Take no configuration file into account.")
SKIP = click.option(
    "--skip",
    metavar="GLOB",
    multiple=True,
    help="Do not read files of these names, or at these paths: '*.min.html', 'drafts/', '**/old/*.txt'.",
)
SHOW_SETTINGS = click.option(
    "--show-settings", is_flag=True, help="Print the settings, as a cleaner.toml has them, and where they come from."
)
SHOW_FILES = click.option("--show-files", is_flag=True, help="Print the files that would be read, and do no more.")
TEXT_FIELD = click.option(
    "--text-field",
    metavar="NAME",
    help="Where records have their text: a name, a path (messages[].content), several (prompt,completion) (text).",
)
HTML_FIELD = click.option(
    "--html-field",
    metavar="NAME",
    help="Where records have their page: a name, a path (response.body), of which the text takes its place (html).",
)
_URL_FIELD = click.option("--url-field", metavar="NAME", help="Where records have their address (url).")
ID_FIELD = click.option("--id-field", metavar="NAME", help="Where records have their id (id).")
RECORDS_AT = click.option(
    "--records-at",
    metavar="NAME",
    help="Where a JSON file that is no array has its array of records: data, or result.items.",
)
_STATUS = click.option(
    "--status",
    type=click.Choice(["2xx", "any"]),
    help="Which answers of an archive are read: those of success, or any; each is then told as `status` (2xx).",
)
SHARD_SIZE = click.option(
    "--shard-size",
    metavar="SIZE",
    help="Cut the corpus into files of this size, as 500MB or 2GB, uncompressed; OUT is a folder/ then.",
)
SHARD_FORMAT = click.option(
    "--shard-format",
    metavar="ENDING",
    help="What the files of a folder/ are: jsonl, jsonl.gz, csv, parquet, arrow (jsonl.zst).",
)
TIMEOUT = click.option(
    "--timeout-s",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Give a record up after this much of processor time, or of sleep; a pause of the machine does not count. "
    "One of more than 8 MB has in proportion more.",
)


def similarity_options(threshold: str, ngram: str) -> Callable[[Command], Command]:
    """Return what adds the options for how near-duplicates are found; both texts say what they are unless given."""
    return partial(
        with_options,
        (
            click.option(
                "--threshold",
                type=click.FloatRange(0.1, 1),
                help=f"Similarity from which a text is a near-duplicate ({threshold}).",
            ),
            click.option(
                "--ngram", type=click.IntRange(1), help=f"Words in a shingle, the unit of comparison ({ngram})."
            ),
            click.option(
                "--contained",
                type=click.FloatRange(0, 1),
                metavar="SHARE",
                help="Also leave out a text that stands in a longer one to this share: 0.9 (0.5 to 1; 0: none).",
            ),
        ),
    )


def configured(inputs: Sequence[str], config_file: str | None = None, isolated: bool = False, **given: Any) -> Config:
    """Return the configuration of the inputs, with what the command line says on top.

    Raises `InputError` where parts of the inputs have others: what comes of a run has one.
    """
    configurations = configurations_asked_for(config_file, isolated, **given)
    return configurations.read(configuration_of(inputs, configurations))


def configurations_asked_for(config_file: str | None, isolated: bool, **given: Any) -> Configurations:
    """Return where files have their configuration, with what the command line says on top of each."""
    from cleaner.config_file import Configurations

    if config_file and isolated:
        raise click.UsageError("--isolated takes no configuration, and --config names one: choose")
    changes: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, tuple):
            if value:
                changes[key] = tuple(part.strip() for item in value for part in item.split(",") if part.strip())
        elif value is not None:
            changes[key] = value
    return Configurations(Path(config_file) if config_file else None, isolated, changes)


def configuration_of(inputs: Sequence[str], configurations: Configurations) -> Path | None:
    """Return the one file with the configuration of all inputs. Raises `InputError` where there are several."""
    from cleaner.corpus.inputs import folders
    from cleaner.errors import InputError

    found: dict[Path | None, str] = {}
    for folder in folders(inputs):
        found.setdefault(configurations.file_of(Path(folder)), folder)
    if len(found) > 1:
        told = "; ".join(f"{folder} has {path or 'none'}" for path, folder in found.items())
        raise InputError(f"a run has one configuration, and {told}: name one with --config, or give --isolated")
    return next(iter(found), configurations.file_of(Path.cwd()))


def settings_told(path: Path | None, config: Config) -> str:
    """Return a configuration as the `cleaner.toml` that it could stand in, in the current folder."""
    from cleaner.config_file import as_toml
    from cleaner.runner.manifest import configuration

    return f"# {path or 'no configuration file'}\n{as_toml(configuration(config, str(Path.cwd())))}"
