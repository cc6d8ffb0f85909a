"""What a container has written is measured on its own folders."""

from __future__ import annotations

import os

from swe_audit.containers.disk import own_folders, written

MIB = 2**20


def test_files_count_by_what_they_occupy_and_hard_links_once(tmp_path):
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/data").write_bytes(os.urandom(3 * MIB))
    before = written([str(tmp_path)], 100 * MIB)
    assert 3 * MIB <= before < 3.5 * MIB
    (tmp_path / "again").hardlink_to(tmp_path / "deep/er/data")
    with (tmp_path / "sparse").open("wb") as sparse:
        sparse.truncate(50 * MIB)
    assert written([str(tmp_path)], 100 * MIB) - before < MIB


def test_links_are_not_followed_and_absent_folders_are_nothing(tmp_path):
    (tmp_path / "big").mkdir()
    (tmp_path / "big/file").write_bytes(os.urandom(2 * MIB))
    (tmp_path / "own").mkdir()
    (tmp_path / "own/link").symlink_to(tmp_path / "big")
    assert written([str(tmp_path / "own"), str(tmp_path / "absent")], MIB) < MIB


def test_counting_stops_once_there_is_enough(tmp_path):
    for name in "abcdef":
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(os.urandom(MIB))
    assert MIB < written([str(tmp_path)], MIB) < 5 * MIB


def test_own_folders_are_the_upper_layer_and_anonymous_volumes(tmp_path):
    upper, volume = tmp_path / "upper", tmp_path / "volume"
    upper.mkdir()
    volume.mkdir()
    facts = {
        "GraphDriver": {"Data": {"UpperDir": str(upper)}},
        "Mounts": [
            {"Type": "volume", "Source": str(volume)},
            {"Type": "bind", "Source": "/home"},
        ],
    }
    assert own_folders(facts) == (str(upper), str(volume))


def test_folders_of_another_machine_or_driver_are_none_of_ours(tmp_path):
    assert own_folders({"GraphDriver": {"Data": None}}) == ()
    assert own_folders({"GraphDriver": {"Data": {"UpperDir": str(tmp_path / "not-here")}}}) == ()
