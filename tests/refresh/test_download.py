"""A download is whole or there is none, whatever the server does."""

import os
import time

import pytest
from manias.data.fingerprint import sha256
from manias.errors import DataError
from manias.refresh.download import CHUNK, Downloader, Manners

from .server import Reply, serving

BODY = os.urandom(200_000)
WHOLE_CHUNKS = f"bytes={CHUNK}-"
"""What is asked for where a transfer breaks off after 70,000 bytes."""
QUICK = Manners(attempts=3, connecting=2, reading=0.5, whole=3, pause=0.01, longest_pause=2)


@pytest.fixture
def server():
    with serving() as found:
        yield found


@pytest.fixture
def downloader(tmp_path):
    return Downloader(tmp_path / "partial", contact="me@example.org", manners=QUICK)


def test_a_file_is_what_was_served_and_says_who_asks(server, downloader, tmp_path):
    assert downloader.get(server.says("/x.csv", Reply(BODY))) == BODY
    assert server.asked[0][1]["User-Agent"].endswith(" me@example.org")
    assert not any((tmp_path / "partial").iterdir())


def test_a_redirect_is_followed(server, downloader):
    there = server.says("/there", Reply(BODY))
    here = server.says("/here", Reply(status=302, headers={"Location": there}))
    assert downloader.get(here) == BODY


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refusal_is_final(server, downloader, status):
    with pytest.raises(DataError, match=f"the server says {status}"):
        downloader.get(server.says("/x", Reply(status=status), Reply(BODY)))
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server, downloader, status):
    assert downloader.get(server.says("/x", Reply(status=status), Reply(BODY))) == BODY


def test_the_wait_that_a_server_asks_for_is_kept(server, downloader):
    busy = Reply(status=429, headers={"Retry-After": "1"})
    assert downloader.get(server.says("/x", busy, Reply(BODY))) == BODY
    assert server.asked[1][2] - server.asked[0][2] >= 1


def test_a_wait_that_is_too_long_is_told_and_not_waited(server, downloader):
    busy = Reply(status=429, headers={"Retry-After": "3600"})
    begun = time.monotonic()
    with pytest.raises(DataError, match="asks to wait 3600 seconds; try again then"):
        downloader.get(server.says("/x", busy))
    assert time.monotonic() - begun < 2


def test_a_server_that_stays_busy_is_given_up(server, downloader):
    with pytest.raises(DataError, match=r"the server says 503 .*, after 3 attempts"):
        downloader.get(server.says("/x", Reply(status=503)))


def test_a_transfer_goes_on_where_it_broke_off(server, downloader):
    served = {"headers": {"ETag": '"one"'}, "ranges": True}
    address = server.says("/x", Reply(BODY, cut=70_000, **served), Reply(BODY, **served))
    assert downloader.get(address) == BODY
    assert server.asked[1][1]["Range"] == WHOLE_CHUNKS


def test_a_file_that_changed_in_between_is_begun_anew(server, downloader):
    address = server.says(
        "/x",
        Reply(BODY, cut=70_000, headers={"ETag": '"one"'}, ranges=True),
        Reply(BODY[::-1], headers={"ETag": '"two"'}, ranges=True),
    )
    assert downloader.get(address) == BODY[::-1]


def test_without_a_mark_a_transfer_is_begun_anew(server, downloader):
    address = server.says("/x", Reply(BODY, cut=70_000), Reply(BODY))
    assert downloader.get(address) == BODY
    assert "Range" not in server.asked[1][1]


def test_the_next_run_goes_on_too(server, tmp_path):
    served = {"headers": {"ETag": '"one"'}, "ranges": True}
    once = Manners(attempts=1, reading=0.5, pause=0.01)
    address = server.says("/x", Reply(BODY, cut=70_000, **served), Reply(BODY, **served))
    with pytest.raises(DataError, match="the transfer broke off, after 1 attempts"):
        Downloader(tmp_path, manners=once).get(address)
    assert Downloader(tmp_path, manners=once).get(address) == BODY
    assert server.asked[1][1]["Range"] == WHOLE_CHUNKS


def test_a_transfer_that_always_breaks_off_is_given_up(server, downloader):
    with pytest.raises(DataError, match="the transfer broke off, after 3 attempts"):
        downloader.get(server.says("/x", Reply(BODY, cut=70_000)))


def test_a_server_that_hangs_is_given_up(server, downloader):
    with pytest.raises(DataError, match=r"no answer within 0\.5 seconds, after 3 attempts"):
        downloader.get(server.says("/x", Reply(BODY, hang=1.5)))


@pytest.mark.slow
def test_a_server_that_drips_is_given_up(server, tmp_path):
    patient = Manners(attempts=2, reading=0.5, whole=0.3, pause=0.01)
    with pytest.raises(DataError, match=r"not finished within 0\.3 seconds"):
        Downloader(tmp_path, manners=patient).get(
            server.says("/x", Reply(b"x" * (CHUNK + 9_000), drip=1e-6))
        )


def test_other_bytes_than_expected_are_refused(server, downloader):
    address = server.says("/x", Reply(BODY))
    assert downloader.get(address, digest=sha256(BODY)) == BODY
    with pytest.raises(DataError, match=r"sha256 \w{12}\.\.\.; expected 000000000000\.\.\."):
        downloader.get(address, digest="0" * 64)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>moved", b"\n <html>"])
def test_a_web_page_is_no_file(server, downloader, body):
    with pytest.raises(DataError, match="a web page; expected a file"):
        downloader.get(server.says("/x", Reply(body)))


def test_nothing_is_no_file(server, downloader):
    with pytest.raises(DataError, match="empty; expected a file"):
        downloader.get(server.says("/x", Reply(b"")))


def test_without_a_server_it_is_one_line(downloader):
    with pytest.raises(
        DataError, match=r"no connection \(refused\), after 3 attempts"
    ) as error:
        downloader.get("http://127.0.0.1:9/x")
    assert "\n" not in str(error.value)


def test_requests_are_spaced(server, tmp_path):
    pace = Manners(a_second=20)
    asking = Downloader(tmp_path, manners=pace)
    address = server.says("/x", Reply(BODY))
    for _ in range(6):
        asking.get(address)
    times = [at for *_, at in server.asked]
    # Five waits of a twentieth of a second; the clock of a busy machine only lengthens them.
    assert times[-1] - times[0] >= 5 / 20 * 0.9
