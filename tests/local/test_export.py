"""An export proves itself offline, and whatever is changed in it, or was before, is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.attestation import fingerprint_of, key_name, name_of
from chalicelib.domain.verification import Broken
from local import export as tool
from local import verify as proof
from local.export_form import MANIFEST, files_of, manifest
from local.files import write_json
from local.verify import Expected, prove
from tests.local.exporting import AFTER_DAYS, StoredNights, two_nights
from tests.usecases.attesting import DAY


@pytest.fixture(scope="module")
def w():
    return two_nights()


@pytest.fixture(scope="module")
def folder(w, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported") / "nights"
    w.export(out).write()
    return out


@pytest.fixture(scope="module")
def expected(w):
    key = fingerprint_of(w.signer.public_key())
    return Expected(frozenset({key}), w.today - 2 * DAY, w.today - DAY)


NOTHING = Expected()


def broken(folder, expected=NOTHING):
    with pytest.raises(Broken) as found:
        prove(folder, expected)
    return found.value


def forge(folder):
    """Make the manifest fit, as somebody would who changed a file on purpose."""
    (folder / MANIFEST).write_bytes(manifest(files_of(folder)))


def flipped(data, raw):
    """Content with one byte changed."""
    other = bytearray(raw)
    other[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    return bytes(other)


def files(folder):
    return sorted(str(it.relative_to(folder)) for it in folder.rglob("*") if it.is_file())


def test_it_holds_and_says_what(folder, expected, w):
    told = prove(folder, expected)
    assert (told.payouts, told.leaves, told.unsigned, told.follows) == (3, 4, 0, "")
    assert told.nights == [w.today - 2 * DAY, w.today - DAY]
    assert f"2 nights, {told.nights[0]} to {told.nights[1]}" in told.text
    assert f"{told.steps} steps" in told.text
    assert told.steps == sum(each.version for each in map(w.ports["payouts"].get, _ids(w)))


def _ids(w):
    return sorted(row["transaction_id"]["S"] for row in w.rows(w.tables.transactions))


def test_it_is_the_same_every_time(folder, w, tmp_path):
    w.export(tmp_path / "again").write()
    assert files_of(tmp_path / "again") == files_of(folder)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_byte_of_any_file_is_noticed_and_the_file_named(folder, data):
    name = data.draw(st.sampled_from(files(folder)))
    kept = (folder / name).read_bytes()
    (folder / name).write_bytes(flipped(data, kept))
    try:
        found = broken(folder)
    finally:
        (folder / name).write_bytes(kept)
    assert name in {MANIFEST, found.where}


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_whoever_makes_the_manifest_fit_is_noticed_all_the_same(folder, expected, w, data):
    last = f"nights/{w.today - DAY}/report"  # which the night to come will sign for
    signed = [it for it in files(folder) if it != MANIFEST and not it.startswith(last)]
    name = data.draw(st.sampled_from(signed))
    kept = (folder / name).read_bytes()
    (folder / name).write_bytes(flipped(data, kept))
    forge(folder)
    try:
        found = broken(folder, expected)
    finally:
        (folder / name).write_bytes(kept)
        forge(folder)
    lines = name.startswith("payouts-") and found.where.startswith(("payout ", name))
    assert lines or found.where == name


@pytest.mark.parametrize("forged", [False, True])
def test_a_file_that_is_taken_away_is_named(folder, expected, forged, w):
    last = f"nights/{w.today - DAY}/report"
    for name in files(folder):
        kept = (folder / name).read_bytes()
        (folder / name).unlink()
        if forged and name != MANIFEST:
            forge(folder)
        try:
            if not (forged and name.startswith(last)):
                found = broken(folder, expected)
                payouts = forged and name.startswith("payouts-")
                assert found.where.startswith("payout ") if payouts else found.where == name
        finally:
            (folder / name).write_bytes(kept)
            forge(folder)


def test_a_file_that_was_added_is_named(folder):
    stray = folder / "nights" / "stray.txt"
    stray.write_bytes(b"")
    try:
        assert broken(folder).where == "nights/stray.txt"
    finally:
        stray.unlink()


@pytest.mark.parametrize("text", ["x", "{}", "[]", '{"files": 1}', '{"files":{},"format":1} ',
                                  '{"files":[],"format":1}', "[" * 100_000])  # fmt: skip
def test_a_manifest_that_is_none_is_named(folder, text):
    kept = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_text(text)
    try:
        assert broken(folder).where == MANIFEST
    finally:
        (folder / MANIFEST).write_bytes(kept)


def rewritten(folder, change):
    """What is broken after the lines of the payouts were changed, and the manifest made to fit."""
    file = folder / "payouts-00000.jsonl"
    kept = file.read_bytes()
    file.write_bytes(change(kept))
    forge(folder)
    try:
        return broken(folder)
    finally:
        file.write_bytes(kept)
        forge(folder)


def test_a_removed_payout_is_named(folder, w):
    found = rewritten(folder, lambda raw: b"".join(raw.splitlines(keepends=True)[1:]))
    assert found.where == f"payout {_ids(w)[0]}"
    assert found.what.startswith("it was removed")
    found = rewritten(folder, lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]))
    assert found.where == f"payout {_ids(w)[2]}"


def test_a_payout_that_no_night_signed_for_is_named(folder):
    for own in ("00000000-0000-8000-8000-000000000000", "ffffffff-0000-8000-8000-000000000000"):
        line = f'["{own}",null,[]]\n'.encode()
        found = rewritten(
            folder, lambda raw, it=line: b"".join(sorted([*raw.splitlines(True), it]))
        )
        assert found.what == f"payout {own} is named by no leaf"


def test_a_line_that_is_none_is_named(folder):
    for line in (b"null", b"[" * 100_000, b"\xff"):
        assert rewritten(folder, lambda _, line=line: line + b"\n").where.endswith("line 1")


def test_lines_out_of_order_or_twice_are_named(folder):
    for change in (lambda raw: raw + raw, lambda raw: raw[:-1], lambda raw: raw + b"\n"):
        assert rewritten(folder, change).where.startswith("payouts-00000.jsonl, line ")


def test_first_and_last_night_are_known_to_whoever_says_them(folder, w):
    early, late = w.today - 3 * DAY, w.today
    assert broken(folder, Expected(first=early)).where == name_of(early)
    assert broken(folder, Expected(last=late)).where == name_of(late)


def test_another_key_is_not_trusted(folder, w):
    assert broken(folder, Expected(frozenset({"0f"}))).where == name_of(w.today - 2 * DAY)


def test_a_folder_with_nothing_attested_proves_nothing(tmp_path):
    forge(tmp_path)
    assert broken(tmp_path).where == "nights"
    (tmp_path / "nights" / "x").mkdir(parents=True)
    (tmp_path / "nights" / "x" / "attestation.json").write_bytes(b"")
    forge(tmp_path)
    assert broken(tmp_path).where == "nights"


def test_a_part_of_the_nights_says_what_it_begins_after(w, tmp_path):
    w.export(tmp_path / "part").write(w.today - DAY)
    told = prove(tmp_path / "part")
    assert told.follows == name_of(w.today - 2 * DAY)
    assert "It begins after" in told.text
    w.export(tmp_path / "first").write(None, w.today - 2 * DAY)
    told = prove(tmp_path / "first")
    assert told.unsigned > 0
    assert "came after the last" in told.text


def test_reports_that_nobody_signed_for_are_counted(w, folder):
    told = prove(folder)
    assert told.unsigned_reports == len(list(folder.glob(f"nights/{w.today - DAY}/report-*")))
    assert f"no night has signed for: {told.unsigned_reports}." in told.text


# What was changed in the tables shows in the next export.


def changed(w, tmp_path):
    w.export(tmp_path / "changed").write()
    return broken(tmp_path / "changed")


def test_a_changed_posting_in_the_table_is_named(tmp_path):
    w = two_nights()
    own = _ids(w)[1]
    first = w.rows(w.tables.events, account=own)[0]
    out, *others = first["postings"]["L"]
    out = {"M": {**out["M"], "amount": {"N": "-0.01"}}}
    w.put(w.tables.events, {**first, "postings": {"L": [out, *others]}})
    assert changed(w, tmp_path).where == f"payout {own}, step 1"


def test_a_step_taken_out_of_the_table_is_named(tmp_path):
    w = two_nights()
    own = _ids(w)[1]
    steps = w.rows(w.tables.events, account=own)
    w.take(w.tables.events, steps[-1])
    found = changed(w, tmp_path)
    assert found.where == f"payout {own}, step {len(steps)}"


def test_a_row_taken_out_of_the_table_is_named_with_or_without_its_steps(tmp_path):
    w = two_nights()
    own = _ids(w)[1]
    w.take(w.tables.transactions, w.rows(w.tables.transactions, transaction_id=own)[0])
    assert changed(w, tmp_path).what == "its row was removed; its steps are there"
    for step in w.rows(w.tables.events, account=own):
        w.take(w.tables.events, step)
    w.export(tmp_path / "gone").write()
    assert broken(tmp_path / "gone").what.startswith("it was removed")


def test_a_row_whose_amount_was_changed_is_named(tmp_path):
    w = two_nights()
    row = w.rows(w.tables.transactions, transaction_id=_ids(w)[1])[0]
    w.put(w.tables.transactions, row | {"amount": {"N": "0.01"}})
    told = changed(w, tmp_path)
    assert told.where == f"payout {row['transaction_id']['S']}"
    assert told.what.startswith("its row was changed")


def test_a_row_that_was_set_back_is_named(tmp_path):
    w = two_nights()
    own = _ids(w)[1]
    row = w.rows(w.tables.transactions, transaction_id=own)[0]
    step = w.rows(w.tables.events, account=own)[0]
    w.put(w.tables.transactions, {**row, "version": {"N": "1"}, "last_hash": step["hash"]})
    assert changed(w, tmp_path).what.startswith("its row was set back")


def test_a_night_that_was_missed_is_named_unless_that_is_known(w, tmp_path):
    w = two_nights()
    w.next_day(2)
    night = w.night(w.today - DAY)
    w.attest(night)
    found = changed(w, tmp_path)
    assert found.where == name_of(night.day - DAY)
    assert prove(tmp_path / "changed", Expected(gaps=frozenset({night.day}))).payouts == 3


# Steps that have left the table are in the archive.


def test_archived_steps_are_proven_from_the_archive(tmp_path):
    w = two_nights()
    for payout in map(w.ports["payouts"].get, _ids(w)):
        if payout.status != "Returned":
            w.hears(payout)
    w.next_day()
    w.attest_yesterday()
    w.next_day(AFTER_DAYS + 1)
    w.sweep()
    before = w.rows(w.tables.events)
    for own in _ids(w):
        for step in w.rows(w.tables.events, account=own):
            assert "expires_at" in step
            w.take(w.tables.events, step)
    assert len(before) > len(w.rows(w.tables.events))
    w.export(tmp_path / "old").write()
    told = prove(tmp_path / "old")
    assert (told.payouts, told.unsigned) == (3, 0)
    name = next(it for it in w.archive.objects if it.startswith("payouts/") and "jsonl" in it)
    w.archive.objects[name] += b"x"
    with pytest.raises(Broken) as found:
        w.export(tmp_path / "torn").write()
    assert found.value.where == name


def test_many_payouts_are_read_in_batches_and_written_in_files(tmp_path):
    w = StoredNights()
    w.pay(230)
    w.next_day()
    w.attest_yesterday()
    made = w.export(tmp_path / "many")
    made.write()
    assert made.payouts == 230
    assert prove(tmp_path / "many").payouts == 230


# The commands.


def test_verify_says_what_holds_and_asks_for_the_key(folder, w, capsys):
    assert proof.main([str(folder)]) == 0
    told = capsys.readouterr().out
    assert "It holds" in told
    assert "No --fingerprint" in told
    key = fingerprint_of(w.signer.public_key())
    given_all = ["--fingerprint", key.upper(), "--from", str(w.today - 2 * DAY),
                 "--through", str(w.today - DAY)]  # fmt: skip
    assert proof.main([str(folder), *given_all]) == 0
    assert "No --fingerprint" not in capsys.readouterr().out


def test_verify_names_what_is_broken_and_fails(folder, capsys):
    assert proof.main([str(folder), "--fingerprint", "0f"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("BROKEN  nights/")
    assert told.out == ""


def test_an_export_needs_an_empty_folder_and_an_attested_night(w, folder, tmp_path):
    with pytest.raises(tool.NothingThere):
        w.export(folder).write()
    with pytest.raises(tool.NothingThere):
        w.export(tmp_path / "later").write(w.today)


def test_where_to_read_is_told_by_the_environment_or_by_the_local_stack(tmp_path):
    names = dict.fromkeys(tool.NEEDED, "name")
    assert tool.settings(None, names) == {}
    with pytest.raises(tool.NothingThere):
        tool.settings(tmp_path, names)
    write_json(tmp_path / "running.json", names)
    assert tool.settings(tmp_path, {}) == names


def test_the_public_key_lies_beside_what_it_signed(folder, w):
    key = w.signer.public_key()
    assert (folder / key_name(fingerprint_of(key))).read_bytes() == key
