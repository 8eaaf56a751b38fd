"""Who else on the machine may write in a home: nobody, whatever the umask of the shell is."""

import os
import pwd
import stat
from pathlib import Path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def keep_others_from_writing() -> None:
    """From now on no file or folder that this process makes can be written by others.

    Who may read them is for the user to say: a umask that takes more away stays as it is.
    """
    before = os.umask(stat.S_IRWXG | stat.S_IRWXO)
    os.umask(before | _OTHERS_WRITE)


def other_owner(home: Path) -> str | None:
    """The name of the user to whom a home belongs, where that is somebody else."""
    owner = home.stat().st_uid
    if owner == os.geteuid():
        return None
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:  # a user of another machine, or one who is gone
        return f"user {owner}"


def can_be_written_by_all(home: Path) -> bool:
    """Whether every user of the machine may write in a home."""
    return bool(home.stat().st_mode & stat.S_IWOTH)
