"""A real S3 server on loopback (moto's), with two buckets; and a web server with every fault that one may have."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "s3cret-of-the-test"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def s3_server() -> Iterator[str]:
    """Run the server, and yield its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


class WebServer:
    """Gives `files`; breaks off `breaks` answers in the middle, and sends `/away` to another host."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.breaks = 0
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                outer.answer(self, body=False)

            def do_GET(self) -> None:
                outer.answer(self, body=True)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = request.path.partition("?")[0].removeprefix("/")
        self.asked.append(request.path)
        if path == "away":
            request.send_response(302)
            request.send_header("Location", f"http://localhost:{self.port}/a.jsonl?token={SECRET}")
            request.end_headers()
            return
        data = self.files.get(path)
        if data is None or path == "forbidden.jsonl":
            request.send_error(404 if data is None else 403)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.send_header("ETag", f'"{hash(data)}"')
        request.end_headers()
        if body and self.breaks:
            self.breaks -= 1
            request.wfile.write(data[: len(data) // 2])
            request.connection.close()
        elif body:
            request.wfile.write(data)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
