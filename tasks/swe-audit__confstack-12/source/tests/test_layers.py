import pytest

from confstack import Config, ConfigError, EnvLayer, IniLayer, flatten


def test_flatten():
    assert flatten({"a": {"b": {"c": 1}}, "d": 2}) == {"a.b.c": 1, "d": 2}


def test_flatten_wants_string_keys():
    with pytest.raises(ConfigError):
        flatten({"a": {1: 2}})


def test_environment():
    layer = EnvLayer("APP_", {"APP_SERVER__PORT": "9000", "HOME": "/root"})
    assert layer == {"server.port": "9000"}


def test_ini(tmp_path):
    path = tmp_path / "app.ini"
    path.write_text("[server]\nhost = example.org\n")
    assert Config(IniLayer(path))["server.host"] == "example.org"


def test_ini_missing(tmp_path):
    assert IniLayer(tmp_path / "no.ini") == {}
    with pytest.raises(ConfigError):
        IniLayer(tmp_path / "no.ini", required=True)
