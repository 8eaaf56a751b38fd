"""Puts the YAML files beside this one into the wheel: whoever deploys has no checkout.

Everything else about the package is in pyproject.toml. Setuptools takes data files from inside a
package only, and `prefect.yaml` has its place here, where `prefect deploy` looks for it.
"""

import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("prefect.yaml", "automations.yaml")
INTO = Path("flows") / "runtime"
COMMIT_FILE = "commit.txt"  # read by flows/engine/code_version.py


def _commit() -> str | None:
    """The first digits of the commit that the wheel is built from; None outside a clone."""
    if not Path(".git").exists():
        return None
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()[:12]


class BuildWithDeployments(build_py):
    """Copies the packages, and then the files."""

    def run(self) -> None:
        """Builds; an editable installation finds the files where they are."""
        super().run()
        if not self.editable_mode:
            for name in SHIPPED:
                self.copy_file(name, str(Path(self.build_lib) / INTO / name))
            if commit := _commit():
                (Path(self.build_lib) / INTO / COMMIT_FILE).write_text(f"{commit}\n", "utf-8")

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Every file that is built, these too."""
        copied = [str(Path(self.build_lib) / INTO / name) for name in SHIPPED]
        return [*super().get_outputs(include_bytecode), *copied]


setup(cmdclass={"build_py": BuildWithDeployments})
