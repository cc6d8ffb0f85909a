import uuid

import pytest

from routekit import Converter, MethodNotAllowed, NotFound, Router, RuleSyntaxError


@pytest.fixture
def router():
    router = Router()
    router.add("/", "home")
    router.add("/users/<int:id>", "user")
    router.add("/users/me", "me")
    router.add("/users/<name>", "user_by_name")
    router.add("/files/<path:name>", "file", methods=["get"])
    router.add("/orders/<uuid:key>/items", "items")
    return router


@pytest.mark.parametrize(
    "path,endpoint,params",
    [
        ("/", "home", {}),
        ("/users/7", "user", {"id": 7}),
        ("/users/me", "me", {}),
        ("/users/ann", "user_by_name", {"name": "ann"}),
        ("/users/a%20b", "user_by_name", {"name": "a b"}),
        ("/files/a/b.txt", "file", {"name": "a/b.txt"}),
    ],
    ids=["root", "int", "literal_first", "str", "quoted", "path"],
)
def test_match(router, path, endpoint, params):
    assert router.match(path) == (endpoint, params)


def test_uuid(router):
    key = uuid.uuid4()
    assert router.match(f"/orders/{key}/items").params == {"key": key}


def hex_router():
    router = Router()
    router.register_converter(
        "hex", Converter(r"[0-9a-f]{6}", to_python=lambda text: int(text, 16), to_url="{:06x}".format)
    )
    router.add("/swatches/<hex:code>", "swatch")
    return router


def test_own_converter():
    router = hex_router()
    assert router.match("/swatches/ff8800") == ("swatch", {"code": 0xFF8800})
    assert router.build("swatch", code=0x00FF00) == "/swatches/00ff00"
    with pytest.raises(NotFound):
        router.match("/swatches/orange")


def test_own_converter_is_not_shared():
    hex_router()
    with pytest.raises(RuleSyntaxError):
        Router().add("/swatches/<hex:code>", "swatch")


def test_own_converter_replaces_a_built_in_one():
    router = Router()
    router.register_converter("int", Converter(r"-?[0-9]+", to_python=int))
    router.add("/shift/<int:by>", "shift")
    assert router.match("/shift/-3").params == {"by": -3}


def test_not_found(router):
    with pytest.raises(NotFound):
        router.match("/nothing/here")


def test_method_not_allowed(router):
    with pytest.raises(MethodNotAllowed) as caught:
        router.match("/files/a", method="POST")
    assert caught.value.allowed == {"GET"}


@pytest.mark.parametrize("pattern", ["users", "/<a>/<a>", "/<int:>", "/<hex:code>"],
                         ids=["no_slash", "twice", "no_name", "unknown"])
def test_bad_rules(pattern):
    with pytest.raises(RuleSyntaxError):
        Router().add(pattern, "x")
