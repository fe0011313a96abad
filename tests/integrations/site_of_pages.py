"""A site of 300 pages on loopback: stories, their twins, and pages that are no articles."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PAGES = 300
# Every fifth page tells the story of the page before it once more, with a word changed; every tenth is no article.
TWIN_OF_THE_LAST, EMPTY = 5, 10


def story(number: int) -> str:
    words = [f"w{(number * 37 + i * i) % 4999}" for i in range(180)]
    if number % TWIN_OF_THE_LAST == 4:
        words = story(number - 1).split()
        words[40] = "another"
    return " ".join(words)


def page(number: int) -> bytes:
    if number % EMPTY == 9:
        return b"<html><body><nav><a href='/'>Home</a></nav></body></html>"
    words = story(number).split()
    prose = "".join(f"<p>The harbour {' '.join(words[i : i + 30])}.</p>" for i in range(0, 180, 30))
    body = f"<body><article>{prose}<p>Share on Facebook</p></article></body>"
    return f"<html><head><title>Page {number}</title></head>{body}</html>".encode()


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not (found := re.findall(r"\d+", self.path)):  # robots.txt, say
            self.send_error(404)
            return
        body = page(int(found[0]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Give the address of the site."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def unlike(items: list[dict[str, Any]]) -> set[int]:
    """Give the stories that the items tell, each by the number of the first page that tells it."""
    numbers = [int(re.findall(r"(\d+)\.html", item["url"])[0]) for item in items]
    return {number - 1 if number % TWIN_OF_THE_LAST == 4 else number for number in numbers}


STORIES = {n for n in range(PAGES) if n % TWIN_OF_THE_LAST != 4} - {n for n in range(PAGES) if n % EMPTY == 9}
