from pathlib import Path

from flows.home.paths import Home


def test_home_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path / "home"))
    home = Home.from_environment()
    assert home == Home.at(str(tmp_path / "home"))
    assert home.warehouse == tmp_path / "home" / "warehouse.duckdb"
    assert not home.path.exists()


def test_without_it_home_is_var_where_the_command_was_started(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for unset in (
        lambda: monkeypatch.setenv("ASYMMETRY_HOME", ""),
        lambda: monkeypatch.delenv("ASYMMETRY_HOME"),
    ):
        unset()
        assert Home.from_environment().path == tmp_path / "var"


def test_everything_a_run_writes_is_below_home(tmp_path):
    home = Home.at(tmp_path)
    places = [getattr(home, n) for n, v in vars(Home).items() if isinstance(v, property)]
    assert len(set(places)) == len(places) >= 8
    assert all(isinstance(p, Path) and p.parent == tmp_path for p in places)
