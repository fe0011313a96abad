"""The command line, as a user types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from running import ARTICLE, lines

from cleaner.cli import main

HEADLINE = "The ferries of Saltmere\n\n"
CRUFT = f"{HEADLINE}{HEADLINE}{ARTICLE}\n\nFacebook\nTwitter\nLinkedIn\n\nLeave a Comment\n"


def cleaner(*arguments: object, input: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input, catch_exceptions=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "page.txt"
    path.parent.mkdir()
    path.write_text(CRUFT, encoding="utf-8")
    return path


def test_clean_prints_the_account_and_writes_three_files(page: Path, tmp_path: Path) -> None:
    (page.parent / "empty.txt").write_text("")
    out = tmp_path / "corpus.jsonl"
    result = cleaner("clean", page.parent, "-o", out)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 in = 1 kept + 1 excluded + 0 unreadable" in result.stderr
    assert "TX101 empty-text" in result.stderr
    assert "BP103" in result.stderr
    (record,) = lines(out)
    assert record["text"].strip() == f"The ferries of Saltmere\n\n{ARTICLE}"
    assert set(record) >= {"id", "text", "language", "language_score"}
    (excluded,) = lines(tmp_path / "corpus.excluded.jsonl")
    assert set(excluded["excluded"]) >= {"code", "name", "message", "duplicate_of", "similarity"}
    assert (tmp_path / "corpus.ledger.jsonl").exists()


def test_undo_gives_the_text_as_it_came_in(page: Path, tmp_path: Path) -> None:
    out, back = tmp_path / "c.jsonl", tmp_path / "back.jsonl"
    assert cleaner("clean", page, "-o", out).exit_code == 0
    result = cleaner("undo", out, "--ledger", tmp_path / "c.ledger.jsonl", "-o", back)
    assert result.exit_code == 0
    assert [record["text"] for record in lines(back)] == [CRUFT]


def test_undo_refuses_a_text_that_was_changed_since(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    cleaner("clean", page, "-o", out)
    out.write_text(out.read_text().replace("Saltmere", "Sweetmere"))
    result = cleaner("undo", out, "--ledger", tmp_path / "c.ledger.jsonl")
    assert result.exit_code == 2
    assert "changed after the run" in result.stderr


def test_standard_input_and_output_carry_jsonl(tmp_path: Path) -> None:
    result = cleaner("clean", "-", "-o", "-", input=json.dumps({"id": 7, "text": CRUFT, "extra": [1]}))
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert (record["id"], record["extra"]) == (7, [1])
    assert record["text"].strip().endswith("ordinary Monday.")
    assert list(tmp_path.iterdir()) == []


def test_of_a_corpus_on_standard_output_nobody_is_told_to_undo_it_by_that_name(tmp_path: Path) -> None:
    record, ledger = json.dumps({"text": CRUFT}), tmp_path / "l.jsonl"
    result = cleaner("clean", "-", "-o", "-", "--ledger", ledger, "--select", "WS", input=record)
    assert "l.jsonl  every edit" in result.stderr
    assert "cleaner undo -" not in result.stderr


def test_text_goes_into_a_folder_with_its_title_first(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"id": "a/b c", "title": "Boats", "text": ARTICLE}))
    assert cleaner("clean", source, "-o", f"{tmp_path}/texts/").exit_code == 0
    assert (tmp_path / "texts" / "a_b_c.txt").read_text() == f"Boats\n\n{ARTICLE}\n"
    again = cleaner("clean", f"{tmp_path}/texts/", "-o", tmp_path / "again.jsonl")
    assert "0 excluded" in again.stderr
    assert lines(tmp_path / "again.jsonl")[0]["text"] == f"Boats\n\n{ARTICLE}\n"


def test_a_folder_that_holds_other_files_is_not_replaced(page: Path, tmp_path: Path) -> None:
    target = tmp_path / "texts"
    target.mkdir()
    (target / "thesis.docx").write_text("ten years of work")
    result = cleaner("clean", page, "-o", f"{target}/")
    assert result.exit_code == 2
    assert "thesis.docx" in result.stderr
    assert (target / "thesis.docx").exists()


def test_a_folder_of_texts_is_replaced_only_where_a_run_wrote_all_of_it(page: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "sub").mkdir(parents=True)
    mine = notes / "mine.txt"
    mine.write_text("ten years of work")
    assert cleaner("clean", page, "-o", f"{notes}/").exit_code == 2
    (notes / "sub").rmdir()
    refused = cleaner("clean", page, "-o", f"{notes}/")
    assert (refused.exit_code, "mine.txt" in refused.stderr) == (2, True)
    assert mine.read_text() == "ten years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "notes"]
    mine.unlink()
    for _ in range(2):
        assert cleaner("clean", page, "-o", f"{notes}/").exit_code == 0
    mine.write_text("ten years of work")
    assert cleaner("clean", page, "-o", f"{notes}/").exit_code == 2
    assert mine.exists()


@pytest.mark.parametrize("out", ["in/", "./", ""])
def test_a_folder_of_texts_does_not_replace_a_folder_with_its_own_input(page: Path, tmp_path: Path, out: str) -> None:
    target = f"{tmp_path}/{out}"
    for source in (page, page.parent):
        result = cleaner("clean", source, "-o", target)
        assert (result.exit_code, "which this run would replace" in result.stderr) == (2, True)
    assert page.read_text() == CRUFT


def test_an_old_output_stays_where_the_run_fails(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "c.jsonl"
    out.write_text("old")
    from cleaner.runner import sources

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sources, "outcomes", fail)
    result = cleaner("clean", page, "-o", out)
    assert result.exit_code == 130
    assert "the same command goes on" in result.stderr
    assert out.read_text() == "old"
    monkeypatch.undo()
    assert cleaner("clean", page, "-o", out).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["in"]


def test_a_dry_run_writes_nothing_and_a_limit_holds(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"text": f"{i} {ARTICLE}"}) + "\n" for i in range(20)))
    result = cleaner("clean", source, "-o", tmp_path / "c.jsonl", "--dry-run", "--limit", 3)
    assert "3 in" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_an_input_that_is_also_the_output_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps({"text": ARTICLE}))
    result = cleaner("clean", path, "-o", path)
    assert result.exit_code == 2
    assert "both an input and an output" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean", "nowhere.txt", "-o", "x.jsonl"], "nowhere.txt: no such file"),
        (["clean", ".", "-o", "x.docx"], "unknown ending '.docx'"),
        (["clean", ".", "-o", "x.jsonl", "--select", "cookie-baner"], "did you mean 'cookie-banner'"),
        (["rule", "BP1001"], "no rule is called 'BP1001'"),
        (["clean", "."], "Missing option '-o'"),
        (["check", "-"], "standard input has no place in a file"),
        (["clean", ".", "-o", "x.jsonl", "--threshold", "0.05"], "0.05 is not in the range 0.1<=x<=1"),
        (["index", "build", ".", "-o", "x.index", "--threshold", "0.05"], "0.05 is not in the range 0.1<=x<=1"),
        (["rule", "BP101", "--output-format", "json"], "--output-format goes with --all"),
        (["check", "--statistics", "--output-format", "json"], "leave --output-format away"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_to_do(arguments: list[str], message: str) -> None:
    result = cleaner(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_fields_are_found_under_other_names(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "c.jsonl"
    body = "".join(f"<p>{part}</p>" for part in ARTICLE.split("\n\n"))
    article = f"<article><h1>Boats of Saltmere</h1>{body}</article>"
    html = f"<html><title>Boats of Saltmere</title><body>{article}</body></html>"
    source.write_text(json.dumps({"key": "k", "page": html, "link": "https://example.org/a", "seen": 3}))
    result = cleaner("clean", source, "-o", out, "--html-field", "page", "--url-field", "link", "--id-field", "key")
    assert result.exit_code == 0
    (record,) = lines(out)
    assert "page" not in record
    assert (record["key"], record["id"], record["seen"], record["title"]) == ("k", "k", 3, "Boats of Saltmere")
    assert record["text"].split() == ARTICLE.split()


def test_an_empty_text_is_read_from_the_page_beside_it(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "c.jsonl"
    body = "".join(f"<p>{part}</p>" for part in ARTICLE.split("\n\n"))
    html = f"<html><body><article>{body}</article></body></html>"
    rows = [
        {"id": 1, "text": " \n", "html": html},
        {"id": 2, "text": "A text.", "html": html},
        {"id": 3, "text": "", "html": ""},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cleaner("clean", source, "-o", out, "--select", "TX").exit_code == 0
    page, text = lines(out)
    assert (page["text"].split(), "html" in page) == (ARTICLE.split(), False)
    assert text == rows[1]
    assert [record["id"] for record in lines(tmp_path / "c.excluded.jsonl")] == [3]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_another_field_called_text_stays_under_another_name(tmp_path: Path, ending: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / f"c.{ending}"
    rows = [{"id": "a", "text": "my summary", "body": ARTICLE}, {"id": "b", "body": "Another text."}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cleaner("clean", source, "-o", out, "--text-field", "body", "--select", "TX").exit_code == 0
    if ending == "parquet":
        import pyarrow.parquet as pq

        kept = pq.read_table(out).to_pylist()
    else:
        kept = lines(out)
    assert [(row["text"], row.get("text_original")) for row in kept] == [
        (ARTICLE, "my summary"),
        ("Another text.", None),
    ]
    assert "body" not in kept[0]


def test_explain_shows_what_goes_and_why(page: Path) -> None:
    result = cleaner("explain", page)
    assert result.exit_code == 0
    assert "HL101 repeated-headline" in result.stdout
    assert "LinkedIn" in result.stdout
    assert "BP102 share-buttons" in result.stdout
    assert "kept" in result.stdout


def test_explain_finds_a_record_by_line_and_by_id(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": f"r{i}", "text": f"Text number {i}."}) + "\n" for i in range(3)))
    assert "Text number 1." in cleaner("explain", f"{path}:2").stdout
    assert "Text number 2." in cleaner("explain", path, "--id", "r2").stdout
    assert cleaner("explain", path, "--id", "r9").exit_code == 2


def test_rule_tells_one_and_lists_all() -> None:
    from cleaner.rules import catalog

    page = cleaner("rule", "BP101").stdout
    assert "cookie-banner" in page
    assert "Wrong when" in page
    assert "--ignore BP101" in page
    sentences = [info.summary for info in catalog() if info.code == "BP101"]
    assert [page.count(sentence.split()[0]) for sentence in sentences] == [1]
    family = cleaner("rule", "mj").stdout
    of_family = [info.code for info in catalog() if info.code.startswith("MJ")]
    assert [line.split()[0] for line in family.splitlines() if line.startswith("MJ")] == of_family
    listed = cleaner("rule").stdout
    assert all(info.code in listed for info in catalog())


def test_every_rule_says_why_it_exists_and_when_it_is_wrong() -> None:
    from cleaner.rules import catalog

    infos = catalog()
    assert len({info.code for info in infos}) == len(infos) == len({info.name for info in infos})
    for info in infos:
        assert info.summary, info.code
        if not info.code.startswith("RD"):
            assert info.why, info.code
            assert info.wrong_when, info.code


@pytest.mark.parametrize("out", ["corpus.jsonl", "texts/"])
def test_a_run_does_not_read_what_it_wrote_into_its_own_input_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = cleaner("clean", ".", "-o", out)
        assert result.exit_code == 0, result.stderr
        assert "1 in = 1 kept" in result.stderr
    result = cleaner("clean", "a.txt", "-o", "a.txt")
    assert result.exit_code == 2


def test_demo_runs_on_its_own_samples() -> None:
    result = cleaner("demo")
    assert result.exit_code == 0
    assert "excluded" in result.stdout
    assert "HL101 repeated-headline: headline repeated\n" in result.stdout


def test_help_teaches() -> None:
    assert "cleaner clean pages/ -o corpus.jsonl" in cleaner("--help").stdout
    assert "cleaner clean crawl.warc.gz" in cleaner("clean", "--help").stdout


def test_colour_is_off_when_asked_and_there_is_no_bar_without_a_terminal(page: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "FORCE_COLOR": ""}
    command = [sys.executable, "-m", "cleaner", "clean", str(page), "-o", str(tmp_path / "c.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "\x1b" not in done.stderr
    shown = subprocess.run([*command, "--progress", "always"], capture_output=True, text=True, check=True)
    assert "documents" in shown.stderr or "reading" in shown.stderr


def test_the_package_imports_in_a_moment() -> None:
    """Under 0.15 s beyond the interpreter's own start; the best of five, because machines are shared."""
    code = "import time; t = time.perf_counter(); import cleaner; print(time.perf_counter() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(5)
    ]
    assert min(times) < 0.15


def test_help_loads_nothing_heavy() -> None:
    heavy = ["numpy", "trafilatura", "ftfy", "datasketch", "langdetect", "scipy", "lxml", "rich", "msgspec"]
    code = (
        "import sys\nfrom cleaner.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_an_interrupted_run_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    import signal

    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"text": f"{i} {ARTICLE}" * 20}) + "\n" for i in range(6_000)))
    command = [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(tmp_path / "c.jsonl"), "--workers", "2"]
    saving_often = "import cleaner.runner.opened as o; o.SAVE_EVERY_S = 0.1; from cleaner.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", saving_often, *command[3:]], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "c.jsonl.partial" / "state").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "interrupted" in stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.jsonl.partial", "in.jsonl"]
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run([*command[:-4], "-o", str(tmp_path / "d.jsonl")], check=True, capture_output=True)
    for what in ("", ".excluded", ".ledger"):
        assert (tmp_path / f"c{what}.jsonl").read_bytes() == (tmp_path / f"d{what}.jsonl").read_bytes()


def test_keep_says_which_of_several_alike_stays(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [
        {"id": "first", "date": "2024-01-01", "score": 2, "text": ARTICLE},
        {"id": "longest", "date": "2023-01-01", "score": 1, "text": ARTICLE + " And that was all there was to tell."},
        {"id": "newest", "date": "2025-01-01", "text": "So: " + ARTICLE},
        {"id": "best", "score": 7, "text": ARTICLE + " The end."},
        {"id": "other", "text": "Quite another story, about a lighthouse."},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for keep, kept in {"first": "first", "longest": "longest", "newest": "newest", "score": "best"}.items():
        out, pairs = tmp_path / f"{keep}.jsonl", tmp_path / f"{keep}.pairs.jsonl"
        assert cleaner("clean", source, "-o", out, "--keep", keep, "--duplicates", pairs).exit_code == 0
        assert [record["id"] for record in lines(out)] == sorted([kept, "other"], key=[r["id"] for r in rows].index)
        assert {(pair["duplicate_of"], pair["method"]) for pair in lines(pairs)} == {(kept, "near")}
        assert all(pair["similarity"] > 0.7 and pair["words"] and pair["duplicate_of_words"] for pair in lines(pairs))
    assert list(tmp_path.glob(".cleaner-*")) == []


@pytest.mark.parametrize(
    "options",
    [
        ["-o", "z.jsonl", "--ledger", "z.jsonl"],
        ["-o", "z.jsonl", "--ledger", "./link.jsonl"],
        ["-o", "z.jsonl", "--duplicates", "z.excluded.jsonl"],
        ["-o", "z.jsonl", "--excluded", "z.ledger.jsonl"],
        ["-o", "z.jsonl", "--report", "z.manifest.json"],
        ["-o", "z.jsonl", "--index", "z.ledger.jsonl"],
        ["-o", "z.jsonl", "--site-lines", "lines.json", "--report", "lines.json"],
        ["-o", "z/", "--ledger", "z/ledger.jsonl"],
        ["-o", "-", "--ledger", "-"],
        ["-o", "z.jsonl", "--ledger", "-", "--excluded", "-"],
    ],
)
def test_two_outputs_are_not_one_place(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.jsonl").symlink_to("z.jsonl")
    (tmp_path / "lines.json").write_text('{"version": 1, "sites": {}}')
    before = sorted(tmp_path.iterdir())
    result = cleaner("clean", page, *options)
    assert (result.exit_code, "would be one place" in result.stderr, result.stdout) == (2, True, "")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("out", ["c.jsonl", "c.ledger.jsonl"])
def test_undo_does_not_replace_what_it_reads(page: Path, tmp_path: Path, out: str) -> None:
    cleaner("clean", page, "-o", tmp_path / "c.jsonl")
    before = (tmp_path / out).read_bytes()
    result = cleaner("undo", tmp_path / "c.jsonl", "--ledger", tmp_path / "c.ledger.jsonl", "-o", tmp_path / out)
    assert (result.exit_code, "would be one place" in result.stderr) == (2, True)
    assert (tmp_path / out).read_bytes() == before


def test_the_null_device_means_none(page: Path, tmp_path: Path) -> None:
    assert cleaner("clean", page, "-o", tmp_path / "c.jsonl", "--ledger", os.devnull).exit_code == 0
    assert not (tmp_path / "c.ledger.jsonl").exists()
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_into_and_stays_a_pipe(page: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert cleaner("clean", page, "-o", tmp_path / "c.jsonl", "--ledger", pipe).exit_code == 0
        told = reader.communicate(timeout=60)[0]
    assert json.loads(told)["id"] == str(page)
    assert pipe.is_fifo()
    refused = pipe.rename(tmp_path / "pipe.parquet")
    assert "Parquet cannot go into a pipe" in cleaner("clean", page, "-o", refused).stderr


def test_what_goes_to_standard_error_by_its_device_does_not_replace_the_log(page: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    command = [sys.executable, "-m", "cleaner", "clean", page, "-o", tmp_path / "c.jsonl", "--excluded", "/dev/stderr"]
    with log.open("ab") as file:
        subprocess.run([*command, "--min-words", "1000"], stderr=file, check=True)
    text = log.read_text()
    assert text.startswith("before\n")
    assert '"code":"TX102"' in text
    assert "1 excluded" in text


def test_a_link_is_followed_and_stays_a_link(page: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    for out, real in (("link.jsonl", "real.jsonl"), ("link", "texts"), ("link.parquet", "real.parquet")):
        if out.endswith("parquet"):
            pytest.importorskip("pyarrow")
        link = tmp_path / out
        link.symlink_to(disk / real)
        (disk / "texts").mkdir(exist_ok=True)
        for _ in range(2):
            result = cleaner("clean", page, "-o", f"{link}/" if out == "link" else link)
            assert result.exit_code == 0, result.stderr
        assert link.is_symlink()
        assert (disk / real).exists()
    assert len(list((disk / "texts").iterdir())) == 1
    assert sorted(path.name for path in disk.iterdir()) == sorted(["real.jsonl", "texts", "real.parquet"])


def test_records_of_one_name_are_numbered_in_a_folder(tmp_path: Path) -> None:
    from cleaner.corpus.output import FolderWriter

    folder = FolderWriter(str(tmp_path / "texts"))
    begun = time.process_time()
    for id_ in ("x-3", *["x", "X"] * 5000):
        folder.write({"id": id_, "text": id_})
    assert time.process_time() - begun < 5
    folder.close()
    names = {path.stem.casefold() for path in (tmp_path / "texts").iterdir()}
    assert names == {"x", *(f"x-{number}" for number in range(2, 10_002))}
    assert (tmp_path / "texts" / "x-3.txt").read_text() == "x-3\n"


def test_parquet_without_pyarrow_is_refused_before_anything_is_done(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = cleaner("clean", page, "-o", tmp_path / "z.parquet")
    assert (result.exit_code, "Parquet needs pyarrow" in result.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("out", [".", "..", "", "./", "/"])
def test_an_output_without_a_name_is_refused(page: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(page.parent)
    result = cleaner("clean", page, "-o", out)
    assert (result.exit_code, "name the output" in result.stderr) == (2, True)


def test_a_list_names_its_inputs_whatever_it_begins_with(page: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text(f"\ufeff{page}\n# a remark\n\n@{tmp_path}/more.txt\n")
    (tmp_path / "more.txt").write_text(f"{page}\n")
    result = cleaner("clean", f"@{names}", "-o", tmp_path / "c.jsonl")
    assert "1 in = 1 kept" in result.stderr
    result = cleaner("clean", "@-", "-o", tmp_path / "d.jsonl", input=f"{page}\n")
    assert "1 in = 1 kept" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"@names.txt\n", "the list names itself"),
        (b"@more.txt\n", "the list names itself"),
        ("caf\u00e9.txt\n".encode("latin-1"), r"caf\xe9.txt: no such file"),
        (b"@nowhere.txt\n", "@nowhere.txt: No such file"),
        (b"@-\n", "so it cannot be one of them"),
    ],
)
def test_a_list_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_bytes(content)
    Path("more.txt").write_text("@./names.txt\n")
    result = cleaner("clean", "@names.txt", "-o", "c.jsonl", input="-\n")
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("inputs", ["-", "@names.txt", "@-"])
def test_learn_refuses_what_can_be_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_text("-\n")
    result = cleaner("clean", inputs, "-o", "c.jsonl", "--learn", input="names.txt\n")
    assert (result.exit_code, "--learn reads the input twice" in result.stderr) == (2, True)


def test_a_configuration_that_is_no_table_is_told(page: Path, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text('{"configuration": []}')
    result = cleaner("clean", page, "-o", tmp_path / "c.jsonl", "--config", tmp_path / "m.json")
    assert (result.exit_code, "the configuration is a table" in result.stderr) == (2, True)


def test_a_name_with_brackets_is_shown_as_it_is(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o[").mkdir()
    result = cleaner("clean", page, "-o", "o[/b].jsonl")
    assert result.exit_code == 0
    assert "o[/b].jsonl  the corpus" in result.stderr
    assert "cleaner undo 'o[/b].jsonl' --ledger 'o[/b].ledger.jsonl'" in result.stderr


@pytest.mark.parametrize(
    ("options", "goes_on"),
    [
        (["in", "-o", "c.jsonl"], True),
        (["in", "-o", "-"], False),
        (["in", "-o", "c.jsonl", "--dry-run"], False),
        (["-", "-o", "c.jsonl"], False),
        (["@names.txt", "-o", "c.jsonl"], False),
    ],
)
def test_an_interrupted_run_promises_to_go_on_only_where_it_can(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], goes_on: bool
) -> None:
    from cleaner.runner import sources

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    Path("names.txt").write_text("-\n")
    monkeypatch.setattr(sources, "outcomes", interrupted)
    result = cleaner("clean", *options, input=ARTICLE)
    assert result.exit_code == 130
    assert ("the same command goes on" in result.stderr) is goes_on
    assert "interrupted" in result.stderr


def test_a_dry_run_with_an_index_that_is_not_there_is_as_with_an_empty_one(page: Path, tmp_path: Path) -> None:
    index = tmp_path / "new.index"
    command = ["clean", page, "-o", tmp_path / "c.jsonl", "--index", index, "--dry-run"]
    result = cleaner(*command)
    assert result.exit_code == 0
    assert "1 in = 1 kept" in result.stderr
    assert not index.exists()
    assert "there is no such index" in cleaner(*command, "--read-only").stderr


def test_a_run_does_not_read_what_another_run_wrote_beside_its_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE)
    (tmp_path / "b.txt").write_text("")
    (tmp_path / "my.manifest.json").write_text("no manifest of ours")
    first = ["clean", ".", "-o", "first.jsonl", "--report", "run.html", "--duplicates", "twins.jsonl"]
    assert "2 in = 1 kept" in cleaner(*first).stderr
    second = cleaner("clean", ".", "-o", "second.jsonl")
    assert "3 in = 1 kept + 2 excluded" in second.stderr
    reasons = [record["excluded"]["code"] for record in lines(tmp_path / "second.excluded.jsonl")]
    assert reasons == ["TX101", "ND101"]  # b.txt, and in first.jsonl what a.txt has
