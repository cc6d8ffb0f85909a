"""Which images go: what nobody wants first, what frees nothing not at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.containers.eviction import Held, Layer, bytes_of, outgoing

BASE, PACKAGES = Layer(id="b", size=500), Layer(id="b/p", size=40)


def held(name, *layers, used=0.0):
    return Held(id=name, names=(name,), layers=layers, used=used)


def own(name, size, used=0.0):
    return held(name, BASE, Layer(id=f"b/{name}", size=size), used=used)


def names(images):
    return [image.id for image in images]


def test_a_layer_that_images_share_counts_once():
    assert bytes_of([own("x", 10), own("y", 20), held("base", BASE)]) == 530


def test_what_was_used_least_recently_goes_first_and_no_more_than_has_to():
    images = [own("new", 10, used=3), own("old", 10, used=1), own("older", 10, used=0)]
    assert names(outgoing(images, 530, (), {})) == []
    assert names(outgoing(images, 525, (), {})) == ["older"]
    assert names(outgoing(images, 510, (), {})) == ["older", "old"]


def test_what_a_trial_needs_stays_whatever_the_room():
    images = [own("running", 10, used=0), own("done", 10, used=9)]
    assert names(outgoing(images, 0, {"running"}, {})) == ["done"]


def test_what_is_still_to_come_goes_last_and_the_latest_of_it_first():
    images = [own("soon", 10, used=0), own("late", 10, used=1), own("done", 10, used=9)]
    coming = {"soon": 0, "late": 7}
    assert names(outgoing(images, 520, (), coming)) == ["done"]
    assert names(outgoing(images, 510, (), coming)) == ["done", "late"]
    assert names(outgoing(images, 0, (), coming)) == ["done", "late", "soon"]


def test_what_frees_nothing_stays_until_what_is_built_on_it_is_gone():
    packages = held("packages", BASE, PACKAGES, used=0)
    tree = held("tree", BASE, PACKAGES, Layer(id="b/p/t", size=5), used=9)
    base = held("base", BASE, used=0)
    assert names(outgoing([packages, tree, base], 542, (), {})) == ["tree"]
    assert names(outgoing([packages, tree, base], 510, (), {})) == ["tree", "packages"]
    assert names(outgoing([packages, tree, base], 510, {"tree"}, {})) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 50), st.integers(0, 5)), min_size=1, max_size=8
    ),
    st.integers(0, 400),
    st.sets(st.integers(0, 7)),
    st.dictionaries(st.integers(0, 7), st.integers(0, 9)),
)
def test_the_rest_fits_or_nothing_more_could_go(shapes, room, needed, coming):
    images = [
        held(str(n), *(Layer(id=f"s{k}", size=30) for k in range(low)), Layer(id=f"t{n}", size=top))
        for n, (low, top, _) in enumerate(shapes)
    ]
    kept = [str(n) for n in needed]
    gone = outgoing(images, room, kept, {str(n): place for n, place in coming.items()})
    rest = [image for image in images if image not in gone]
    assert not set(names(gone)) & set(kept)
    assert bytes_of(rest) <= room or all(image.id in kept for image in rest)
    assert all(bytes_of([*rest, *gone[n:]]) > room for n in range(len(gone)))
