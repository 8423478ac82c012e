"""Where a store is: its version, its address, its folder."""

import sqlite3
from pathlib import Path

import pytest

from costlab.errors import InputError
from costlab.store import (
    open_store,
    restatements,
)
from costlab.store.schema import migrations
from tests.test_store import codes


def test_a_store_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "costlab.sqlite") as old:
        old.execute(
            "CREATE TABLE store (version INTEGER NOT NULL, store_id VARCHAR NOT NULL, last_bill INTEGER NOT NULL)"
        )
        old.execute("INSERT INTO store VALUES (1, 'old', 7)")
        for statement in migrations()[0]:
            old.execute(statement)
    store = open_store(home=tmp_path)
    assert (store.folder.name, restatements(store)) == ("old", [])


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    open_store(home=tmp_path)
    with sqlite3.connect(tmp_path / "costlab.sqlite") as later:
        later.execute("UPDATE store SET version = 99")
    with pytest.raises(InputError) as caught:
        open_store(home=tmp_path)
    assert codes(caught.value.problems) == ["store_newer"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("nonsense", "store_url"),
        ("sqlite://", "store_url"),
        ("mysql://a@b/c", "store_url"),
        ("postgresql+nothing://a@127.0.0.1/c", "store_driver"),
        ("postgresql://me:secret@127.0.0.1:1/c", "store_unusable"),
        ("sqlite:////no/such/folder/x", "store_unusable"),
    ],
)
def test_an_address_that_cannot_be_used(url: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_store(url, tmp_path)
    assert codes(caught.value.problems) == [code]
    assert "secret" not in str(caught.value)


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "costlab.sqlite").write_bytes(b"a letter to my aunt, long enough to be no database" * 100)
    with pytest.raises(InputError) as caught:
        open_store(home=tmp_path)
    assert codes(caught.value.problems) == ["store_unusable"]


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(InputError) as caught:
        open_store(home=tmp_path / "home")
    assert codes(caught.value.problems) == ["unwritable"]
