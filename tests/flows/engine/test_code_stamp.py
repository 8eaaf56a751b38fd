"""The stamp changes with any content, and with nothing else."""

import os
from pathlib import Path

from flows.engine.code_stamp import code_stamp


def test_contents_and_places_count_and_dates_do_not(tmp_path: Path) -> None:
    room = tmp_path / "flows"
    (room / "dag").mkdir(parents=True)
    module, rules = room / "dag" / "core.py", room / "rules.yml"
    module.write_text("A = 1\n")
    rules.write_text("a: 1\n")
    stamps = [code_stamp([room])]
    os.utime(module, (0, 0))
    (room / "__pycache__").mkdir()
    (room / "__pycache__" / "core.pyc").write_bytes(b"x")
    assert code_stamp([room]) == stamps[0]
    module.write_text("A = 2\n")  # as many bytes
    os.utime(module, (0, 0))
    stamps.append(code_stamp([room]))
    rules.write_text("a: 2\n")
    stamps.append(code_stamp([room]))
    module.rename(room / "core.py")
    stamps.append(code_stamp([room]))
    (room / "new.sql").write_text("SELECT 1")
    stamps.append(code_stamp([room]))
    assert len(set(stamps)) == len(stamps)


def test_the_project_has_one() -> None:
    assert code_stamp() == code_stamp()
    assert len(code_stamp()) == 64
