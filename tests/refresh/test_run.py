"""A refresh replaces all or nothing, says what moved, and can be returned from."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from manias.data import editions
from manias.data.editions import edition_in_use, list_editions, use_edition
from manias.data.library import Library, load
from manias.errors import DataError, InputError
from manias.refresh import run
from manias.refresh.compare import compare_editions
from manias.refresh.feed import Feed, Present, Staged, columns_of, rows_of, text_of
from manias.refresh.run import refresh

from .server import Reply, serving

DATASET = "datacentre_power"


def read_power(originals, present):
    """A made-up owner's form: day, MW."""
    original = originals["power"]
    header, *rows = rows_of(text_of(original))
    at = columns_of(original.name, header, ["day", "MW"])
    cells = present.cells(DATASET).set_index("day")
    new = {}
    for number, row in enumerate(rows, start=2):
        new[row[at["day"]]] = cell = row[at["MW"]]
        if not cell.replace(".", "").isdigit():
            where = f"{original.name}, row {number}, column MW"
            raise InputError(f"{where}: {cell!r}; expected a number")
    table = cells.reindex(sorted(new))
    table = table.assign(**{c: table[c].bfill().ffill() for c in table})
    table["value"] = pd.Series(new)
    return Staged(
        tables={(DATASET, "data"): table.reset_index()[present.cells(DATASET).columns]},
        sources={"epoch_datacenters_2026": {"accessed": "2027-01"}},
        descriptors={DATASET: {"vintage": "2027-01-31"}},
        said=(f"{original.name}: {len(new)} days",),
    )


FEED = Feed(DATASET, read_power)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(editions.PLACE, str(tmp_path / "editions"))
    monkeypatch.delenv(editions.CHOICE, raising=False)
    table = load("originals").frame.set_index(["feed", "part"]).fillna("").astype(str).head(1)
    table.index = pd.MultiIndex.from_tuples([(DATASET, "power")], names=["feed", "part"])
    table["file"] = "power*.csv; power*.zip"

    def addresses(file=None):
        if file is None:
            return table
        return table.assign(address=Path(file).read_text())

    monkeypatch.setattr(run, "addresses", addresses)
    monkeypatch.setattr(run, "feeds", lambda: {DATASET: FEED})
    monkeypatch.setattr(run, "_page_one", page_one)
    return tmp_path / "editions"


def page_one(edition):
    with Library(edition).open():
        return {("number", "power"): f"{load(DATASET).frame['value'].iloc[-1]:g}"}


def present_days():
    cells = Present(edition_in_use().tables).cells(DATASET)
    return cells.set_index("day")["value"]


def original(days, column="MW"):
    return days.rename(column).rename_axis("day").to_csv().encode()


@pytest.fixture
def newer(tmp_path):
    """Ten days revised, three new."""
    days = present_days()
    days.iloc[-10:] = (days.iloc[-10:].astype(float) * 1.1).round(3).astype(str)
    new = {"2026-08-24": "9000.0", "2026-08-25": "9100.0", "2026-08-26": "9200.0"}
    days = pd.concat([days, pd.Series(new)])
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "power.csv").write_bytes(original(days))
    return folder


def test_what_is_new_is_put_in_use_and_what_moved_is_said(home, newer):
    before = edition_in_use()
    done = refresh(folder=newer)
    assert done.is_new and done.base == "shipped" and done.feeds == (DATASET,)
    line = done.changes.iloc[0]
    assert (line["added"], line["revised"], line["removed"]) == (3, 10, 0)
    assert line["largest"] == pytest.approx(0.1, rel=0.01)
    assert [(m.name, m.new) for m in done.moved] == [("power", "9200")]
    now = edition_in_use()
    assert now.name == done.edition != before.name
    with Library(now).open():
        fresh = load(DATASET)
        assert (fresh.vintage, len(fresh.frame)) == ("2027-01-31", len(present_days()))
    kept = list((home / "originals").rglob("about.json"))
    about = json.loads(kept[0].read_text())
    assert about["sha256"] == kept[0].parent.name
    assert (kept[0].parent / "power.csv").read_bytes() == (newer / "power.csv").read_bytes()


def test_a_second_run_says_that_nothing_is_new(home, newer):
    first = refresh(folder=newer)
    second = refresh(folder=newer)
    assert not second.is_new and second.edition == "" and second.base == first.edition
    assert [e.name for e in list_editions()] == ["shipped", first.edition]


def test_a_dry_run_keeps_nothing(home, newer):
    done = refresh(folder=newer, dry_run=True)
    assert done.is_new and done.moved and done.edition == ""
    assert [e.name for e in list_editions()] == ["shipped"]
    assert not (home / "originals").exists()


def test_an_older_vintage_stays_loadable(home, newer):
    old = load(DATASET)
    refresh(folder=newer)
    assert load(DATASET, vintage="2027-01-31").frame["value"].iloc[-1] == 9200
    again = load(DATASET, vintage=old.vintage)
    assert again.fingerprint == old.fingerprint
    with pytest.raises(InputError, match=r"vintage '1999-01'; expected one at hand: 2026-\d\d"):
        load(DATASET, vintage="1999-01")


def test_the_edition_before_is_a_step_away(home, newer):
    refresh(folder=newer)
    use_edition("shipped")
    assert edition_in_use().name == "shipped"
    assert compare_editions(edition_in_use(), editions.read_edition("shipped")).empty


def test_two_refreshes_on_one_day_are_two_editions(home, newer, tmp_path):
    first = refresh(folder=newer)
    text = (newer / "power.csv").read_text()
    (newer / "power.csv").write_text(text.replace("9200.0", "9300.0"))
    second = refresh(folder=newer)
    assert second.edition == f"{first.edition}-2" and second.base == first.edition


def test_a_changed_form_is_one_line_and_nothing_is_replaced(home, newer):
    good = (newer / "power.csv").read_text()
    for text, said in (
        (
            good.replace("MW", "GW"),
            r"power\.csv, row 1: no column 'MW'; expected it among day, GW",
        ),
        (
            good.replace("9000.0", "n/a"),
            r"power\.csv, row \d+, column MW: 'n/a'; expected a num",
        ),
        ("<!doctype html>", r"power\.csv: a web page; expected csv or zip"),
    ):
        (newer / "power.csv").write_text(text)
        with pytest.raises(InputError, match=said) as error:
            refresh(folder=newer)
        assert "\n" not in str(error.value)
    assert edition_in_use().name == "shipped" and not list(home.glob(".manias-*"))


def test_columns_are_found_by_name(home, newer):
    text = (newer / "power.csv").read_text()
    swapped = "\n".join(",".join(reversed(line.split(","))) for line in text.split())
    (newer / "power.csv").write_text(swapped)
    assert refresh(folder=newer).changes["added"].sum() == 3


def test_what_a_check_refuses_is_not_put_in_use(home, newer):
    text = (newer / "power.csv").read_text()
    (newer / "power.csv").write_text(text.replace("2026-08-26", "2026-13-26"))
    with pytest.raises(DataError, match=r"'2026-13-26'; expected .*; nothing was replaced"):
        refresh(folder=newer)
    assert edition_in_use().name == "shipped"


def test_two_different_files_for_one_original_are_refused(home, newer):
    (newer / "power (1).csv").write_bytes((newer / "power.csv").read_bytes())
    refresh(folder=newer, dry_run=True)
    (newer / "power (1).csv").write_text("day,MW\n2026-01-01,1\n")
    with pytest.raises(InputError, match=r"2 different files for .*power.*expected one"):
        refresh(folder=newer)


def test_a_folder_without_originals_is_refused(home, tmp_path):
    with pytest.raises(InputError, match=r"no original there; expected one of power\*\.csv"):
        refresh(folder=tmp_path)
    with pytest.raises(InputError, match=f"no file for {DATASET}, power; expected power"):
        refresh([DATASET], folder=tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        refresh(folder=tmp_path / "absent")
    with pytest.raises(InputError, match=f"source 'x': expected one of {DATASET}"):
        refresh(["x"], folder=tmp_path)


def test_served_originals_land(home, newer, tmp_path):
    with serving() as server:
        there = tmp_path / "addresses"
        there.write_text(server.says("/power.csv", Reply((newer / "power.csv").read_bytes())))
        done = refresh(address_file=there)
    assert done.changes["added"].sum() == 3
    about = json.loads(next((home / "originals").rglob("about.json")).read_text())
    assert about["address"] == there.read_text()


def test_without_a_connection_nothing_is_touched(home, tmp_path):
    there = tmp_path / "addresses"
    there.write_text("http://127.0.0.1:9/power.csv")
    quick = run.Manners(attempts=2, pause=0.01)
    with pytest.raises(DataError, match=r"power\.csv: no connection \(refused\)"):
        refresh(address_file=there, manners=quick)
    assert edition_in_use().name == "shipped"


def test_who_downloads_is_told_to_owners_who_ask(home, monkeypatch):
    asking = Feed(DATASET, read_power, contact=True)
    monkeypatch.setattr(run, "feeds", lambda: {DATASET: asking})
    with pytest.raises(InputError, match="asks who downloads; expected --contact MAIL"):
        refresh()


def test_one_refresh_at_a_time(home, newer):
    from filelock import FileLock

    home.mkdir()
    said = "another refresh is at work; expected to be alone"
    with FileLock(home / ".lock"), pytest.raises(DataError, match=said):
        refresh(folder=newer)


def test_a_full_disk_is_one_line(home, newer, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(run.shutil, "copytree", full)
    with pytest.raises(DataError, match="x: No space left on device; nothing was replaced"):
        refresh(folder=newer)
    assert not list(home.glob(".manias-*"))


def test_a_changed_edition_is_not_opened(home, newer):
    from manias.data.library import open_edition

    done = refresh(folder=newer)
    file = home / done.edition / "datasets" / DATASET / "data.csv"
    file.write_text(file.read_text().replace("9200.0", "9300.0"))
    with pytest.raises(
        DataError, match=f"{DATASET}/data.csv is not as it was when the edition"
    ):
        open_edition(done.edition)


def test_maintainers_write_into_a_checkout(home, newer, tmp_path):
    checkout = run.copy_of(edition_in_use(), tmp_path / "checkout").tables
    done = refresh(folder=newer, into=Path(str(checkout)))
    assert done.edition == str(checkout) and edition_in_use().name == "shipped"
    assert load(DATASET, Path(str(checkout))).frame["value"].iloc[-1] == 9200
    assert not refresh(folder=newer, into=Path(str(checkout))).is_new
    with pytest.raises(InputError, match="expected a folder of datasets beside one of reports"):
        refresh(folder=newer, into=tmp_path)


def killed(newer, after):
    """Run a refresh in a child, kill it after some seconds; whether it had ended before."""
    sys.stdout.flush()
    if not (child := os.fork()):
        try:
            refresh(folder=newer)
        finally:
            os._exit(0)
    until = time.monotonic() + after
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def kill_often(home, newer, times, seed=20261129):
    begun = time.monotonic()
    assert refresh(folder=newer, dry_run=True).is_new
    whole, points = (time.monotonic() - begun) * 1.2, random.Random(seed)
    ended = 0
    for _ in range(times):
        use_edition("shipped")
        ended += killed(newer, points.uniform(0, whole))
        now = edition_in_use()
        with Library(now).open():
            assert len(load(DATASET).frame) in (281, 284)
        assert not editions.changed_files(now)
    done = refresh(folder=newer)
    assert not list(home.glob(".manias-*"))
    last = edition_in_use() if not done.is_new else editions.read_edition(done.edition)
    with Library(last).open():
        assert load(DATASET).frame["value"].iloc[-1] == 9200
    assert len(list_editions()) == 2
    return ended


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.slow
def test_whoever_is_killed_leaves_no_half(home, newer):
    kill_often(home, newer, 6)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_whoever_is_killed_sixty_times_leaves_no_half(home, newer):
    ended = kill_often(home, newer, 60)
    assert 0 < ended < 60
