"""Every check, both ways."""

from dataclasses import replace

import pytest

from flows.fetch.arrival import Arrival
from flows.fetch.byte_checks import run_byte_checks


@pytest.fixture
def check(tmp_path):
    """Runs the checks on bytes and returns them by name."""

    def run(declaration, data, **arrival):
        path = tmp_path / "file"
        path.write_bytes(data)
        results = run_byte_checks(declaration, Arrival(path, len(data), **arrival))
        assert len({r.name for r in results}) == len(results)
        return {r.name: r for r in results}

    return run


def test_a_good_file_passes_everything(check, colours, colours_csv):
    found = check(colours, colours_csv, bytes_announced=34, bytes_received=34)
    assert list(found) == [
        "not_empty",
        "length_as_announced",
        "no_html_page",
        "format_as_declared",
        "least_size",
        "size_change",
        "header_as_declared",
    ]
    assert all(r.passed and not r.blocks for r in found.values())
    assert all(r.description and r.notes for r in found.values())


def test_an_empty_file(check, colours):
    found = check(colours, b"")
    assert found["not_empty"].blocks
    assert "header_as_declared" not in found  # there is nothing to read it from


def test_a_length_that_is_not_the_announced_one(check, colours, colours_csv):
    found = check(colours, colours_csv, bytes_announced=50, bytes_received=34)
    assert found["length_as_announced"].blocks
    assert found["length_as_announced"].notes == "50 announced, 34 received"


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html><html>",
        b"\xef\xbb\xbf\r\n  <html lang='en'>",
        b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC>",
        b"<!-- cached -->\n<HTML>",
        b"<head><title>Not found",
    ],
)
def test_a_page_in_disguise(check, colours, page):
    found = check(colours, page + b" " * 100)
    assert found["no_html_page"].blocks
    assert "begins with" in found["no_html_page"].notes


def test_markup_inside_a_table_is_no_page(check, colours, colours_csv):
    assert check(colours, colours_csv + b"green,3,<html>\n")["no_html_page"].passed


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"\x1f\x8b\x08" + b"x" * 40, "a gzip file, not a text"),
        (b"PK\x03\x04" + b"x" * 40, "a zip file, not a text"),
        ("name,shade\nred,1\nblue,2\n".encode("utf-16"), "NUL bytes"),
        (b'{"status": "ERROR", "message": "no such file"}', "looks like JSON"),
    ],
)
def test_a_text_that_is_none(check, colours, data, seen):
    found = check(colours, data)
    assert found["format_as_declared"].blocks
    assert seen in found["format_as_declared"].notes


def test_a_zip_that_is_none(check, boxes, colours_csv, boxes_zip):
    assert check(boxes, colours_csv)["format_as_declared"].blocks
    assert check(boxes, boxes_zip)["format_as_declared"].passed


def test_the_least_size(check, colours, colours_csv):
    large = replace(colours, min_bytes=35)
    assert check(large, colours_csv)["least_size"].blocks
    assert check(replace(colours, min_bytes=34), colours_csv)["least_size"].passed
    assert check(large, colours_csv, is_simulated=True)["least_size"].passed


@pytest.mark.parametrize(
    ("previous", "passed"),
    [(None, True), (34, True), (23, True), (22, False), (68, True), (69, False)],
)
def test_the_size_change(check, colours, colours_csv, previous, passed):
    found = check(colours, colours_csv, nearest_bytes=previous)["size_change"]
    assert found.passed is passed
    if not passed:
        assert "raise max_size_change_share in flows/sources/colours.yml" in found.notes


def test_the_size_of_a_simulated_world_may_change(check, colours, colours_csv):
    found = check(colours, colours_csv, nearest_bytes=1, is_simulated=True)
    assert found["size_change"].passed


def test_the_zip_layout(check, boxes, boxes_zip, pack):
    found = check(boxes, boxes_zip)
    assert found["zip_layout"].passed
    assert found["zip_layout"].notes == "outer 8 bytes, inner 8 bytes"
    broken = check(boxes, pack({"box/a.csv": b"a,x\n"}))
    assert broken["zip_layout"].blocks
    assert "lacks box/more.zip" in broken["zip_layout"].notes
    assert "header_as_declared_outer" not in broken


def test_the_headers_of_members(check, boxes, boxes_zip, pack):
    found = check(boxes, boxes_zip)
    assert found["header_as_declared_outer"].passed
    assert found["header_as_declared_inner"].passed
    other = pack({"box/a.csv": b"z,x\n", "box/more.zip": pack({"b.csv": b"b\n"})})
    assert check(boxes, other)["header_as_declared_outer"].blocks


@pytest.mark.parametrize(
    "header",
    [
        b"name,shade\n",
        b'\xef\xbb\xbf"name","shade","more"\r\n',
        b"name,shade,line\rred,1,ended by a bare CR\r",
    ],
)
def test_headers_as_declared(check, colours, header):
    assert check(colours, header + b"red,1\n" * 5)["header_as_declared"].passed


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        (b"shade,name\n", "column 1 should be 'name' and is 'shade'"),
        (b"name\n", "column 2 should be 'shade' and is nothing"),
        (b"name;shade\n", "column 1 should be 'name' and is 'name;shade'"),
        (b"Name,shade\n", "column 1 should be 'name' and is 'Name'"),
    ],
)
def test_headers_that_are_not_as_declared(check, colours, header, seen):
    found = check(colours, header + b"red,1\n" * 5)["header_as_declared"]
    assert found.blocks
    assert found.notes == seen


def test_tabs(check, colours):
    tabs = replace(colours, file_format="tsv")
    assert check(tabs, b'name\t"shade"\nred\t1\nblue\t2\n')["header_as_declared"].passed
    assert check(tabs, b"name,shade\nred,1\nblue,2\n")["header_as_declared"].blocks


def test_a_spreadsheet(check, colours, pack):
    sheet = replace(colours, file_format="xlsx", header_starts_with={})
    assert check(sheet, pack({"xl/workbook.xml": b"<workbook/>"}))["zip_layout"].passed
    assert check(sheet, pack({"word/document.xml": b"<document/>"}))["zip_layout"].blocks
