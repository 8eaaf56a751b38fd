"""Builders of small worlds, for tests that take them as fixtures."""

from collections.abc import Callable

import polars as pl
import pytest

from tests.transforms.trunk import (
    Trunk,
    build_trunk,
    read_reference,
    write_library_file,
    write_state_list,
    write_vote_file,
)


@pytest.fixture(scope="session")
def vote_file() -> Callable[..., bytes]:
    return write_vote_file


@pytest.fixture(scope="session")
def library_file() -> Callable[..., bytes]:
    return write_library_file


@pytest.fixture(scope="session")
def state_list() -> Callable[..., bytes]:
    return write_state_list


@pytest.fixture(scope="session")
def trunk() -> Callable[..., Trunk]:
    return build_trunk


@pytest.fixture(scope="session")
def reference() -> Callable[[str], pl.DataFrame]:
    return read_reference
