"""A server on the loopback that answers as it is told, one answer after the other."""

import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """An answer. ``cut``: bytes after which the connection is closed; ``hang``: seconds of
    silence before anything is sent; ``drip``: seconds between single bytes."""

    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    hang: float = 0.0
    ranges: bool = False
    drip: float = 0.0


class Server:
    """Answers by path: the first reply first, the last one for ever."""

    def __init__(self):
        self.replies, self.asked = defaultdict(list), []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers), time.monotonic()))
                replies = outer.replies.get(self.path.split("?")[0]) or [Reply(status=404)]
                reply = replies.pop(0) if len(replies) > 1 else replies[0]
                outer.answer(self, reply)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def says(self, path, *replies):
        self.replies[path] = list(replies)
        return self.address + path

    def answer(self, handler, reply):
        if reply.hang:
            time.sleep(reply.hang)
        body, status, headers = reply.body, reply.status, dict(reply.headers)
        wanted = handler.headers.get("Range")
        if reply.ranges and wanted and handler.headers.get("If-Range") == headers.get("ETag"):
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        try:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if reply.drip:
                for i in range(len(body)):
                    handler.wfile.write(body[i : i + 1])
                    handler.wfile.flush()
                    time.sleep(reply.drip)
                return
            handler.wfile.write(body if reply.cut is None else body[: reply.cut])
            handler.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return
        if reply.cut is not None:
            handler.close_connection = True
            handler.connection.close()


@contextmanager
def serving():
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.http.shutdown()
        server.http.server_close()
