"""How much memory a page of very many small blocks takes."""

from __future__ import annotations

import tracemalloc

from cleaner.extract import extract


def a_timetable(rows: int) -> str:
    """Return a page with a block of a few words every 220 bytes, as the densest of 391 large labelled pages has."""
    row = (
        '<div class="departure departure-row" data-quay="{0}" style="border-top:1px solid #ccc;padding:2px 0 2px 8px">'
        '<div class="departure-time" title="Local time at the quay, subject to the tide">{1}:{2:02}</div>'
        '<div class="departure-to"><a class="quay-link" href="/timetable/island-line/quays/{0}/departures">Quay {0}</a>'
        '</div><div class="departure-note" style="color:#666;font-size:11px;padding:0 0 4px;white-space:nowrap">'
        "Bicycles: {2}</div>"
        '<img src="/static/icons/ferry-small-16x16.png" srcset="/static/icons/ferry-small-32x32.png 2x" width="16" '
        'height="16" alt="" onerror="this.style.visibility=\'hidden\'" data-track="timetable;island-line;departure">'
        "</div>\n"
    )
    body = "".join(row.format(number, number % 24, number * 7 % 60) for number in range(rows))
    return f"<!doctype html><html><head><title>Timetable</title></head><body><h1>Timetable</h1>{body}</body></html>"


def test_a_page_of_many_small_blocks_takes_less_than_20_times_its_size() -> None:
    page = a_timetable(500)
    extract(a_timetable(2))  # what is loaded once
    tracemalloc.start()
    try:
        extract(page)
        most = tracemalloc.get_traced_memory()[1]  # of all but the parser's tree, which is freed before the judging
    finally:
        tracemalloc.stop()
    assert most < 20 * len(page)
