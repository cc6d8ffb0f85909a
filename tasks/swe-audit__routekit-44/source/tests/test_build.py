import pytest

from routekit import BuildError, Router


def make_router():
    router = Router()
    router.add("/posts", "posts")
    router.add("/posts/<int:page>", "posts")
    router.add("/tags/<tag>", "tag")
    router.add("/files/<path:name>", "file")
    return router


def test_build():
    router = make_router()
    assert router.build("posts") == "/posts"
    assert router.build("posts", page=2) == "/posts/2"


def test_build_quotes():
    router = make_router()
    assert router.build("tag", tag="a/b c") == "/tags/a%2Fb%20c"
    assert router.build("file", name="a/b c") == "/files/a/b%20c"


def test_build_and_match_agree():
    router = make_router()
    assert router.match(router.build("tag", tag="a/b c")).params == {"tag": "a/b c"}


def test_build_errors():
    router = make_router()
    with pytest.raises(BuildError):
        router.build("nothing")
    with pytest.raises(BuildError):
        router.build("tag")
