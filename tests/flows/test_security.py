"""What a file, an address or a declaration could do besides being read (docs/threat_model.md)."""

import ast
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from flows.engine import reference
from flows.fetch.errors import ChecksFailedError, FetchError
from flows.fetch.fetch_source import fetch_source
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.processes import ROOT, asymmetry
from warehouse.contracts import read

SECRET = "hunter2"
ADDRESS = f"http://reader:{SECRET}@127.0.0.1:9/mirror"
ROOMS = [path for room in ("flows", "expectations", "transforms", "warehouse")
         for path in sorted((ROOT / room).rglob("*.py"))]  # fmt: skip


def calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def named(call: ast.Call) -> str:
    return ast.unparse(call.func)


# --- files are data -------------------------------------------------------------------------------


MAKES_AN_OBJECT = "!!python/object/apply:os.system ['true']"


def test_yaml_makes_no_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(yaml.constructor.ConstructorError):
        yaml.load(MAKES_AN_OBJECT, read._LOADER)
    monkeypatch.setattr(reference, "reference_text", lambda name: MAKES_AN_OBJECT)
    with pytest.raises(yaml.constructor.ConstructorError):
        reference.read_reference("claims.yml")


def test_every_yaml_is_read_by_a_safe_loader() -> None:
    found = [
        (path, call)
        for path in [*ROOMS, ROOT / "docs" / "site_hooks.py"]
        for call in calls(path)
        if named(call).startswith("yaml.") and "load" in named(call)
    ]
    assert len(found) > 5
    for path, call in found:
        loaders = [ast.unparse(argument) for argument in call.args[1:]]
        is_safe = named(call) == "yaml.safe_load" or loaders in (["_LOADER"], ["loader"])
        assert is_safe, f"{path}: {ast.unparse(call)}"


def test_nothing_runs_what_a_file_says() -> None:
    forbidden = {"eval", "exec", "pickle.load", "pickle.loads", "os.system", "marshal.loads"}
    found = [(p.name, named(c)) for p in ROOMS for c in calls(p) if named(c) in forbidden]
    assert found == []


def test_no_archive_is_unpacked_to_the_disk() -> None:
    found = [
        (path.name, named(call))
        for path in ROOMS
        for call in calls(path)
        if named(call).rpartition(".")[2] in {"extractall", "unpack_archive", "extract_all"}
        or re.fullmatch(r"(archive|opened|zip\w*|tar\w*|bundle)\.extract", named(call))
    ]
    assert found == []


def test_certificates_are_verified_always() -> None:
    """`verify` is a file of roots or the library's own; it is False nowhere."""
    for path in ROOMS:
        for call in calls(path):
            for keyword in call.keywords:
                if keyword.arg in {"verify", "check_hostname", "ssl"}:
                    assert ast.unparse(keyword.value) != "False", path


ONLY_TO_SEE = "asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE"
"""How a chain that a host leaves incomplete is looked at; nothing is downloaded that way."""


def test_nothing_switches_tls_off_by_other_words() -> None:
    words = (
        "CERT_NONE",
        "_create_unverified_context",
        "check_hostname = False",
        "verify = False",
        "disable_warnings",
        "PYTHONHTTPSVERIFY",
        "--insecure",
        "--no-check-certificate",
        "TLS_INSECURE_SKIP_VERIFY=true",
    )
    files = [*ROOMS, ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "deploy").iterdir()]
    for path in files:
        text = path.read_text("utf-8")
        if path.name == "tls_chain.py":
            text = text.replace(ONLY_TO_SEE, "", 1)
        assert [word for word in words if word in text] == [], path


# --- addresses ------------------------------------------------------------------------------------


def test_a_password_in_the_address_of_a_mirror_is_refused_and_not_repeated(tmp_path: Path) -> None:
    done = asymmetry(tmp_path, "refresh", "--profile", "mirror", "--mirror", ADDRESS)
    assert done.returncode == 2
    assert "netrc" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_a_program_that_names_such_a_mirror_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="netrc") as error:
        fetch_source(load_declarations()["gdp"], Home.at(tmp_path), "mirror", mirror=ADDRESS)
    assert SECRET not in str(error.value)
    assert not list(tmp_path.iterdir())


# --- files of the home ----------------------------------------------------------------------------


def test_a_refused_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>log in</html>")
    home = Home.at(tmp_path / "home")
    gdp = replace(load_declarations()["gdp"], min_bytes=1)
    for _ in range(2):  # the second takes the place of the first
        with pytest.raises(ChecksFailedError):
            fetch_source(gdp, home, "live", from_file=path)
    (kept,) = (home.snapshots / "_rejected").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_slug_leads_nowhere_else(tmp_path: Path) -> None:
    """Addresses are declared, and so is what they may reach in a mirror."""
    outside = replace(load_declarations()["gdp"], url="https://example.org/../../secret")
    (tmp_path / "mirror").mkdir()
    with pytest.raises(FetchError, match="lead out of the mirror"):
        fetch_source(outside, Home.at(tmp_path), "mirror", mirror=tmp_path / "mirror")
