import pytest

from confstack import Config, ConfigError, MissingKey


def make_config():
    return Config(
        {"server": {"host": "localhost", "port": 8080}, "debug": False},
        {"server": {"host": "example.org"}},
    )


def test_last_layer_wins():
    assert make_config()["server.host"] == "example.org"
    assert make_config()["server.port"] == 8080


def test_missing():
    with pytest.raises(MissingKey):
        make_config()["server.tls"]
    assert make_config().get("server.tls") is None
    assert make_config().get("server.tls", True) is True


def test_iterates_once_over_each_key():
    assert list(make_config()) == ["server.host", "server.port", "debug"]
    assert len(make_config()) == 3


def test_section():
    assert make_config().section("server") == {"host": "example.org", "port": 8080}


def test_push_and_origin():
    config = make_config()
    config.push({"debug": True})
    assert config["debug"] is True
    assert config.origin("debug") == 2
    assert config.origin("server.port") == 0


def test_references():
    config = Config({"host": "h", "url": "http://${host}:${port}/", "port": 80, "raw": "$${host}"})
    assert config["url"] == "http://h:80/"
    assert config["raw"] == "${host}"


def test_references_see_upper_layers():
    config = Config({"host": "a", "url": "http://${host}/"}, {"host": "b"})
    assert config["url"] == "http://b/"


@pytest.mark.parametrize("text", ["${}", "${ }"], ids=["empty", "blank"])
def test_empty_reference(text):
    with pytest.raises(ConfigError):
        Config({"a": text})["a"]
