"""Download an original: patiently, at a moderate pace, and whole or not at all."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from manias import documents
from manias.data.arguments import checked
from manias.data.files import write_atomically
from manias.data.fingerprint import sha256
from manias.errors import DataError
from manias.refresh.feed import LARGEST

MARKS = documents.Schema(
    documents.record(
        {}, optional={name: documents.text(most=1_000) for name in ("ETag", "Last-Modified")}
    )
)
"""What is noted of a transfer that may have to go on."""

if TYPE_CHECKING:
    import requests

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers of a server after which the same request may do better."""
UNREACHABLE = 3
"""Attempts after which a server that cannot be reached at all is given up."""
CHUNK = 1 << 16


@checked
@dataclass(frozen=True, slots=True)
class Manners:
    """How patiently a server is asked.

    Attributes
    ----------
    attempts : int
        Requests for one original until it is given up.
    connecting, reading : float
        Seconds without an answer, and without a further byte, that end an attempt.
    whole : float
        Seconds after which an original is given up.
    pause : float
        Seconds before the second attempt; each further one waits twice as long.
    longest_pause : float
        Seconds that a server may ask to wait.
    a_second : float
        Most requests in a second; the SEC asks for ten at most.
    """

    attempts: int = 5
    connecting: float = 10.0
    reading: float = 30.0
    whole: float = 1800.0
    pause: float = 0.5
    longest_pause: float = 120.0
    a_second: float = 8.0


class Downloader:
    """Downloads originals one after the other, going on where a transfer broke off.

    Parameters
    ----------
    partial : Path
        Folder in which unfinished transfers are kept; made when needed.
    contact : str
        Address of mail that goes into the User-Agent.
    manners : Manners
    progress : callable
        Told the address, the bytes that are there and those there will be (0 if unknown).
    """

    def __init__(
        self,
        partial: Path,
        *,
        contact: str = "",
        manners: Manners | None = None,
        progress: Callable[[str, int, int], None] = lambda *_: None,
    ) -> None:
        import requests

        self._partial, self._manners = partial, manners or Manners()
        self._progress, self._last = progress, 0.0
        self._session = requests.Session()
        agent = "manias (research on investment booms)"
        self._session.headers["User-Agent"] = f"{agent} {contact}".strip()
        # Part of a packed answer cannot be continued.
        self._session.headers["Accept-Encoding"] = "identity"

    def get(self, address: str, *, digest: str = "", page: bool = False) -> bytes:
        """The original at an address.

        Parameters
        ----------
        address : str
        digest : str
            SHA-256 that it must have, where it is known.
        page : bool
            Whether it may be a web page.

        Returns
        -------
        bytes

        Raises
        ------
        DataError
            In one line: no connection, an answer that is none, a transfer that breaks off
            every time, other bytes than expected, a web page in the place of a file.
        """
        import requests

        kept = self._partial / sha256(address.encode())
        manners, begun, why = self._manners, time.monotonic(), ""
        for attempt in range(manners.attempts):
            if attempt:
                time.sleep(min(manners.pause * 2 ** (attempt - 1), manners.longest_pause))
            try:
                why = self._attempt(address, kept, begun + manners.whole)
            except requests.exceptions.ChunkedEncodingError:
                why = "the transfer broke off"
            except requests.exceptions.Timeout:
                why = f"no answer within {manners.reading:g} seconds"
            except requests.exceptions.ConnectionError as error:
                why = _reason(error)
                if why.startswith("no connection") and attempt + 1 >= UNREACHABLE:
                    break
            except requests.exceptions.RequestException as error:
                raise DataError(f"{address}: {_reason(error)}") from None
            if not why:
                return self._finish(address, kept, digest, page)
            if time.monotonic() - begun > manners.whole:
                break
        raise DataError(f"{address}: {why}, after {attempt + 1} attempts")

    def _attempt(self, address: str, kept: Path, until: float) -> str:
        """One request; why it has to be made again, or "" where the file is whole."""
        headers = self._resuming(kept)
        self._wait()
        manners = self._manners
        with self._session.get(
            address,
            headers=headers,
            stream=True,
            timeout=(manners.connecting, manners.reading),
        ) as response:
            if urlsplit(address).scheme == "https" != urlsplit(response.url).scheme:
                raise DataError(f"{address}: led to {response.url}; expected https to the end")
            if response.status_code in AGAIN:
                self._rest(address, response)
                return f"the server says {response.status_code} {response.reason}".rstrip()
            if response.status_code == 416:
                _forget(kept)
                return "the server has another file than before"
            if response.status_code not in (200, 206):
                raise DataError(
                    f"{address}: the server says {response.status_code} {response.reason}"
                )
            return self._take(address, response, kept, until)

    def _take(self, address: str, response: "requests.Response", kept: Path, until: float):
        from urllib3.exceptions import HTTPError

        packed = response.headers.get("Content-Encoding", "identity") != "identity"
        goes_on = response.status_code == 206 and not packed and _begins_at(response, kept)
        if response.status_code == 206 and not goes_on:
            _forget(kept)
            return "the server sent another part than was asked for"
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not goes_on:
            _forget(kept)
            names = () if packed else ("ETag", "Last-Modified")
            marks = {k: response.headers.get(k, "") for k in names}
            write_atomically(kept.with_suffix(".json"), json.dumps(marks).encode())
        there = kept.stat().st_size if goes_on else 0
        left = int(response.headers.get("Content-Length") or 0)
        total = 0 if packed or not left else there + left
        with kept.open("ab") as out:
            try:
                for chunk in response.iter_content(CHUNK):
                    out.write(chunk)
                    there += len(chunk)
                    self._progress(address, there, total)
                    if there > LARGEST:
                        _forget(kept)
                        raise DataError(f"{address}: more than {LARGEST:,} bytes")
                    if time.monotonic() > until:
                        return f"not finished within {self._manners.whole:g} seconds"
            except HTTPError:
                return "the transfer broke off"
        return "the transfer broke off" if total and there < total else ""

    def _finish(self, address: str, kept: Path, digest: str, page: bool) -> bytes:
        content = kept.read_bytes()
        _forget(kept)
        if digest and (found := sha256(content)) != digest:
            raise DataError(f"{address}: sha256 {found[:12]}...; expected {digest[:12]}...")
        if not content:
            raise DataError(f"{address}: empty; expected a file")
        if not page and content.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
            raise DataError(f"{address}: a web page; expected a file")
        return content

    def _resuming(self, kept: Path) -> dict[str, str]:
        with suppress(OSError, DataError):
            marks = documents.read(kept.with_suffix(".json"), MARKS)
            size = kept.stat().st_size
            # A weak mark does not promise the same bytes.
            strong = "" if (tag := marks.get("ETag", "")).startswith("W/") else tag
            if size and (mark := strong or marks.get("Last-Modified", "")):
                return {"Range": f"bytes={size}-", "If-Range": mark}
        _forget(kept)
        return {}

    def _wait(self) -> None:
        since = time.monotonic() - self._last
        time.sleep(max(0.0, 1 / self._manners.a_second - since))
        self._last = time.monotonic()

    def _rest(self, address: str, response: "requests.Response") -> None:
        """Wait as long as the server asks, where it does and not too long."""
        from urllib3.exceptions import InvalidHeader
        from urllib3.util import Retry

        try:
            asked = Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
        except InvalidHeader:
            return
        if asked > self._manners.longest_pause:
            raise DataError(
                f"{address}: the server says {response.status_code} and asks to wait "
                f"{asked:.0f} seconds; try again then"
            )
        time.sleep(asked)


def _begins_at(response: "requests.Response", kept: Path) -> bool:
    said = response.headers.get("Content-Range", "")
    return said.startswith(f"bytes {kept.stat().st_size}-")


def _forget(kept: Path) -> None:
    kept.unlink(missing_ok=True)
    kept.with_suffix(".json").unlink(missing_ok=True)


def _reason(error: BaseException) -> str:
    text = str(error)
    if "NameResolution" in text or "getaddrinfo" in text or "resolve" in text:
        return "no connection (its name cannot be resolved)"
    if "refused" in text:
        return "no connection (refused)"
    if "IncompleteRead" in text or "aborted" in text or "reset" in text:
        return "the transfer broke off"
    return f"no connection ({type(error).__name__})"
