"""From what a reader has, a figure or the number of a table, to its name."""

import json

import pytest
from manias import InputError
from manias.report import tracing
from manias.report.build import in_order
from manias.report.tracing import entries, find, numbered, trace

FEW = {
    ("number", "ai-last-share"),
    ("number", "dotcom-peak-share"),
    ("sentence", "capex-against-dotcom"),
    ("exhibit", "event-time"),
    ("exhibit", "same-age"),
    ("exhibit", "capex"),
    ("exhibit", "capex-latest"),
}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """A report of a few names, in the order of the whole one."""
    keys = tuple(key for key in in_order() if key in FEW)
    monkeypatch.setattr(tracing, "in_order", lambda: keys)


def test_figures_and_tables_are_counted_apart():
    assert dict(numbered()) == {
        "Figure 1": "event-time",
        "Table 1": "same-age",
        "Figure 2": "capex",
        "Table 2": "capex-latest",
    }


@pytest.mark.parametrize("asked", ["Table 2", "table 2", " TABLE  2 ", "capex-latest"])
def test_an_exhibit_is_named_by_its_number_in_any_case(asked):
    (found,) = trace(asked)
    assert (found.kind, found.name) == ("exhibit", "capex-latest")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            "Table 3",
            "'Table 3': the report ends with Table 2; see all with: manias trace --list",
        ),
        ("Figure 0", "the report ends with Figure 2"),
        ("ai-last-shar", "such as ai-last-share"),
        ("4.96%", "expected a name of the report; see all with: manias trace --list"),
    ],
)
def test_an_unknown_name_suggests_the_nearest_and_the_list(asked, words):
    with pytest.raises(InputError) as error:
        trace(asked)
    assert words in str(error.value) and "\n" not in str(error.value)
    assert "manias trace --list" in str(error.value)


def test_the_list_has_every_name_once_with_what_is_printed():
    listed = entries()
    assert {(e.kind, e.name) for e in listed if e.kind != "printed"} == FEW
    assert len(set(listed)) == len(listed)
    for e in listed:
        assert e.value == e.holds == next(t.value for t in trace(e.name) if t.kind == e.kind)
        assert bool(e.number) == (e.kind == "exhibit")


def test_what_is_printed_leads_to_its_name():
    (share,) = trace("ai-last-share")
    assert ("number", "ai-last-share") in {(e.kind, e.name) for e in find(share.value[:-1])}
    sentence = next(e for e in entries() if e.name == "capex-against-dotcom")
    assert [e.name for e in find(sentence.value.upper())] == [sentence.name]
    assert find("no such text is printed") == ()
    with pytest.raises(InputError, match="expected a text that the report prints"):
        find("  ")


def test_a_cell_of_a_table_leads_to_it():
    table = tracing.artefact("exhibit", "capex-latest").content
    cell = next(c for c in table.rows[0][1:] if any(s.isdigit() for s in str(c)))
    found = {e.name: e for e in find(str(cell))}
    assert str(cell) in found["capex-latest"].holds
    assert found["capex-latest"].number == "Table 2"


def test_a_hyphen_stands_for_a_minus_and_a_dash():
    assert tracing._folded("\u22123.1 to\u20092\u20134") == "-3.1 to 2-4"


def test_the_command_lists_and_finds(manias_command):
    (share,) = trace("ai-last-share")
    listed = manias_command("trace", "--list")
    assert listed.returncode == 0 and "Names of the report: " in listed.stdout
    assert "Table 2" in listed.stdout and "capex-latest" in listed.stdout
    found = manias_command("trace", "--find", share.value[:-1])
    assert "ai-last-share" in found.stdout and "dotcom-peak-share" not in found.stdout
    machine = json.loads(manias_command("trace", "--list", "--json").stdout)
    assert {"kind", "name", "number", "value", "holds"} == set(machine[0])
    machine = json.loads(manias_command("trace", "--find", share.value, "--json").stdout)
    assert ("ai-last-share", share.value) in {(e["name"], e["holds"]) for e in machine}
    nothing = manias_command("trace", "--find", "no such text is printed")
    assert "nothing that the report prints holds 'no such text is printed'" in nothing.stdout
    assert json.loads(manias_command("trace", "--find", "no such text", "--json").stdout) == []


@pytest.mark.parametrize("arguments", [(), ("capex", "--list"), ("--list", "--find", "4.96")])
def test_the_command_wants_one_thing(manias_command, arguments):
    done = manias_command("trace", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "manias: trace: expected a name, --list or --find TEXT, one of them\n"
