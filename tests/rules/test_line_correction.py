"""A model of lines of one's own: a correction of ours, as text, and where a configuration names it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner

import cleaner
from cleaner.cli import main
from cleaner.config_file import load_config
from cleaner.errors import ConfigError
from cleaner.rules.boilerplate.line_model import model
from cleaner.rules.boilerplate.line_model.correction import FORMAT, corrected, entry, token

TEXT = """The café on the corner opened again on Monday after two years of work, and the whole street came.

It will stay open until ten in the evening, said the owner, who had waited for this day since the spring.

The street had collected money for the new stove, and the baker next door lent her the chairs for the first weeks.

Nobody knows who will pay for the tables, and the mayor did not want to say more before the meeting in March.

The old stove stands in the yard now, where the children of the street keep their bicycles when it rains.
"""
OWN = "Become a friend of the museum now"


def written(folder: Path, words: str, corrects: str | None = None) -> str:
    path = folder / "house.model"
    corrects = corrects or model.builtin().version
    path.write_text(f'# ours\nformat = "{FORMAT}"\ncorrects = "{corrects}"\n[words]\n{words}\n', encoding="utf-8")
    return str(path)


def test_a_correction_takes_what_ours_leaves(tmp_path: Path) -> None:
    text = f"{TEXT}\n{OWN}\n"
    assert OWN in cleaner.clean(text).text
    path = written(tmp_path, '"museum" = 400\n"friend of" = 400\n"^ become" = 300')
    config = cleaner.Config(line_model=path)
    assert cleaner.clean(text, config=config).text.strip() == TEXT.strip()
    assert cleaner.clean(cleaner.clean(text, config=config).text, config=config).text.strip() == TEXT.strip()


def test_a_correction_spares_what_ours_takes(tmp_path: Path) -> None:
    text = f"{TEXT}\nSign up to join 800,000 other subscribers\n"
    assert "Sign up" not in cleaner.clean(text).text
    path = written(tmp_path, '"subscribers" = -900\n"sign up" = -900\n"sign" = -500')
    assert "Sign up" in cleaner.clean(text, config=cleaner.Config(line_model=path)).text


def test_the_model_is_read_once_and_travels_with_the_configuration(tmp_path: Path) -> None:
    path = written(tmp_path, '"museum" = 400\n"friend of" = 400\n"^ become" = 300')
    pipeline = cleaner.Config(line_model=path).pipeline()
    Path(path).unlink()
    again = pickle.loads(pickle.dumps(pipeline))
    result = again(cleaner.document.Document("1", f"{TEXT}\n{OWN}\n"))
    assert OWN not in result.text


def test_a_whole_model_can_be_named_too(tmp_path: Path) -> None:
    path = tmp_path / "copy.model"
    path.write_bytes(model.BUILTIN.read_bytes())
    text = f"{TEXT}\nSign up to join 800,000 other subscribers\n"
    assert cleaner.clean(text, config=cleaner.Config(line_model=str(path))).text == cleaner.clean(text).text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no model of lines"),
        (b"\xff\x00", "no model of lines"),
        (b'{"format": "cleaner-lines-2"}\n', "no model of lines"),
        (b"[1]\n", "no model of lines"),
        (model.BUILTIN.read_bytes()[:-1000], "cut short"),
        (model.BUILTIN.read_bytes().replace(b'"BP101"', b'"BP999"'), "other classes"),
        (f'format = "{FORMAT}"\ncorrects = "0"\n'.encode(), "make it anew"),
        (f'format = "{FORMAT}"\ncorrects = "0"\nmore = 1\n'.encode(), "unknown key 'more'"),
        (f'format = "{FORMAT}"\ncorrects = "{model.builtin().version}"\n[words]\na = 9999\n'.encode(), "whole number"),
        (f'format = "{FORMAT}"\ncorrects = "{model.builtin().version}"\n[words]\na = true\n'.encode(), "whole number"),
        (
            f'format = "{FORMAT}"\ncorrects = "{model.builtin().version}"\nwords = 3\n'.encode(),
            "table of whole numbers",
        ),
        (f'format = "{FORMAT}"\ncorrects = '.encode(), "no model of lines"),
    ],
)
def test_another_file_is_refused_with_its_name(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "house.model"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=told) as caught:
        cleaner.Config(line_model=str(path))
    assert str(path) in str(caught.value)


def test_a_damaged_model_never_gets_further_than_its_reading(tmp_path: Path) -> None:
    whole = model.BUILTIN.read_bytes()
    for place in range(20, 2000, 37):
        damaged = whole[:place] + bytes([whole[place] ^ 0x15]) + whole[place + 1 :]
        try:
            model.unpack(damaged)
        except ValueError:
            continue


def test_no_such_file_is_told_and_a_misspelt_level_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        cleaner.Config(line_model=str(tmp_path / "none.model"))
    with pytest.raises(ConfigError, match="did you mean 'careful'"):
        cleaner.Config(line_model="carefull")


def test_a_configuration_file_names_it_from_its_folder(tmp_path: Path) -> None:
    path = written(tmp_path, '"museum" = 400')
    (tmp_path / "cleaner.toml").write_text('line_model = "house.model"\n')
    assert load_config(tmp_path / "cleaner.toml").line_model == path


def test_clean_check_and_the_manifest_know_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, '"museum" = 400\n"friend of" = 400\n"^ become" = 300')
    (tmp_path / "in.txt").write_text(f"{TEXT}\n{OWN}\n")
    run = CliRunner()
    checked = run.invoke(main, ["check", "--line-model", "house.model", "in.txt"])
    assert checked.exit_code == 1
    assert "reads like" in checked.stdout
    assert run.invoke(main, ["check", "in.txt"]).exit_code == 0
    for workers in ("1", "2"):
        arguments = ["clean", "in.txt", "--line-model", "house.model", "--workers", workers, "-o", f"{workers}.jsonl"]
        assert run.invoke(main, arguments).exit_code == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert OWN not in (tmp_path / "1.jsonl").read_text()
    manifest = json.loads((tmp_path / "1.manifest.json").read_text())
    assert manifest["configuration"]["line_model"] == "house.model"
    assert len(manifest["line_model"]["xxh3_128"]) == 32
    assert load_config(tmp_path / "1.manifest.json").line_model.endswith("house.model")


def test_entries_stand_for_the_tokens_of_a_line() -> None:
    for told, table in (("subscribe", "words"), ("sign up", "words"), ("^ sign", "words"), ("登録", "characters")):
        assert entry(token(told, table)) == (table, told)
    assert entry("l5") is None
    shipped = model.builtin()
    data = f'format = "{FORMAT}"\ncorrects = "{shipped.version}"\n'.encode()
    assert corrected(data, shipped.wording, shipped.version).score("Share this post") == shipped.wording.score(
        "Share this post"
    )


def labelled(path: Path, number: int) -> Path:
    """Write texts with lines that go and lines that stay, of as many sites as lines."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(number):
            lines = [{"text": line, "label": "keep"} for line in TEXT.split("\n") if line]
            lines[0]["text"] = (
                f"{n} friends of mine opened a café on the corner of a street, and {n} more came to see it."
            )
            lines.append({"text": f"Become a friend of museum {chr(97 + n % 26)}{n}", "label": "drop"})
            record = {"id": str(n), "url": f"https://site{n}.example/", "lines": lines}
            file.write(json.dumps(record) + "\n")
    return path


def test_a_correction_is_learned_from_labelled_lines_and_is_the_same_again(tmp_path: Path) -> None:
    pytest.importorskip("scipy")
    from training import line_correction

    negatives = Path(__file__).parent.parent / "negatives"
    few = labelled(tmp_path / "few.jsonl", line_correction.FEWEST - 1)
    with pytest.raises(line_correction.TooFewError, match="49 different lines go"):
        line_correction.add(few, negatives, tmp_path / "few.model")
    assert not (tmp_path / "few.model").exists()
    enough = labelled(tmp_path / "enough.jsonl", 70)
    said = line_correction.add(enough, negatives, tmp_path / "house.model")
    assert said[1].startswith("before: 0 of 70")
    assert said[2].startswith("after: 70 of 70")
    assert said[3].startswith("after, of sites that were left out of the learning: 70 of 70")
    first = (tmp_path / "house.model").read_bytes()
    line_correction.add(enough, negatives, tmp_path / "house.model")
    assert (tmp_path / "house.model").read_bytes() == first
    assert b'"museum' in first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["enough.jsonl", "few.jsonl", "house.model"]
