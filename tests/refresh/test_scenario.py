"""From start to end: an edition frozen, newer data, what moved, and the old PDF again."""

import json

import pandas as pd
import pytest
from manias.data import editions
from manias.data.editions import edition_in_use
from manias.data.fingerprint import sha256
from manias.data.library import Library, load, open_edition
from manias.refresh import run
from manias.refresh.feed import Present
from manias.refresh.freezing import freeze_edition
from manias.refresh.gather import addresses
from manias.refresh.run import refresh
from manias.report.build import build

from .server import Reply, serving
from .test_accounts import published
from .test_accounts import table as accounts
from .test_companies import in_the_owner_s_form, respond

COMPANY = "Alphabet"
PARTS = ("info_equipment", "software", "info_equipment_software")


def newer_accounts():
    """Ten quarters of equipment, and with it the whole, revised upwards; one quarter more."""
    cells = accounts().set_index("quarter")
    for name in ("info_equipment", "info_equipment_software"):
        cells.loc[cells.index[-10:], name] = [
            f"{float(v) + 1:.3f}" for v in cells[name].iloc[-10:]
        ]
    last = cells.iloc[-1].copy()
    last["info_equipment"] = f"{float(last['info_equipment']) * 1.1:.3f}"
    whole = float(last["info_equipment"]) + float(last["software"])
    last["info_equipment_software"] = f"{whole:.3f}"
    cells.loc[str(pd.Period(cells.index[-1], "Q") + 1)] = last
    return published(cells.reset_index()).encode()


def restated():
    """The company's facts, and a filing that says another number for one quarter."""
    cells = Present(editions.shipped_edition().tables).cells("ai_capex")
    mine = cells[(cells["company"] == COMPANY) & (cells["source"] == "sec_facts_alphabet")]
    tags = in_the_owner_s_form(mine[~mine["note"].str.contains("told first|comparative")], 12)
    facts = tags["PaymentsToAcquirePropertyPlantAndEquipment"]
    first = [f for f in facts if f["start"].endswith("01-01") and f["end"].endswith("03-31")]
    old = max(first, key=lambda f: f["end"])
    facts.append(
        old | {"val": old["val"] + 5e8, "filed": "2026-10-30", "accn": "0001652044-26-000099"}
    )
    return json.dumps(respond(tags, COMPANY)).encode(), old["end"]


@pytest.mark.slow
def test_an_edition_is_frozen_and_newer_data_move_what_rests_on_them(tmp_path, monkeypatch):
    monkeypatch.setenv(editions.PLACE, str(tmp_path / "editions"))
    monkeypatch.delenv(editions.CHOICE, raising=False)
    first = freeze_edition("first")
    response, quarter = restated()
    with serving() as server:
        table = (
            addresses().loc[[("us_it_investment", "accounts"), ("ai_capex", COMPANY)]].copy()
        )
        table["address"] = [
            server.says("/fredgraph.csv", Reply(newer_accounts())),
            server.says("/facts.json", Reply(response)),
        ]
        monkeypatch.setattr(run, "addresses", lambda file: table)
        done = refresh(contact="me@example.org")

    changes = done.changes.set_index("table")
    assert changes.loc["us_it_investment", "added"] == 1
    assert changes.loc["us_it_investment", "revised"] == 20
    assert changes.loc["ai_capex", "reworded"] >= 1
    moved = {m.name: m for m in done.moved}
    assert moved["ai-last-share"].old != moved["ai-last-share"].new
    assert "data-reach" in moved and "landmark" in done.refitted

    now = edition_in_use()
    with Library(now).open():
        frame = load("ai_capex").frame
        row = frame[
            (frame["company"] == COMPANY)
            & (frame["measure"] == "capex")
            & (frame["period_end"] == quarter)
        ]
        assert "restated as" in row["note"].item()
        new = build(tmp_path / "new.pdf")
    with open_edition("first").open():
        old = build(tmp_path / "old.pdf")
    assert sha256(old.read_bytes()) == first.note["pdf"]["en"]["sha256"]
    assert old.read_bytes() != new.read_bytes()
    with Library(first).open():
        vintage = load("us_it_investment").vintage
    assert len(load("us_it_investment", vintage=vintage).frame) == len(accounts())
