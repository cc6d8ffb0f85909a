"""Examples of the constructions name and message in Go, JavaScript and TypeScript."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind, RefusalReason

_GO = partial(Example, module="cart/cart.go", tests="cart/cart_test.go", base="package cart\n")
_JS = partial(Example, module="src/cart.js", tests="test/cart.test.js", base='"use strict";\n')
_TS = partial(Example, module="src/cart.tsx", tests="src/cart.test.tsx", base="export {};\n")
_NAME, _MESSAGE = ConstructionKind.NAME, ConstructionKind.MESSAGE


def _go(body: str) -> str:
    return f"package cart\n\n{body}"


def _total(call: str) -> str:
    return _go(f"func total(n int) error {{\n\treturn {call}\n}}\n")


_OPEN = "func Open() int {{ return {} }}\n"
_CART = _go("type Cart struct{}\n")


def _test(body: str) -> str:
    return f"package cart\n\nfunc TestLoadCart(t *testing.T) {{ {body} }}\n"


OTHER_LANGUAGES: tuple[Example, ...] = (
    _GO(
        name="a function of Go, exported as before, with the comment that names it",
        kind=_NAME,
        base=_go(_OPEN.format("1")),
        gold=_go(
            "// LoadCart reads it.\nfunc LoadCart() int { return 0 }\n" + _OPEN.format("LoadCart()")
        ),
        after=_go(
            "// ReadCart reads it.\nfunc ReadCart() int { return 0 }\n" + _OPEN.format("ReadCart()")
        ),
        test=_test('LoadCart(); t.Run("LoadCart", nil); _ = "LoadCart()"'),
        mirror=_test('ReadCart(); t.Run("ReadCart", nil); _ = "LoadCart()"'),
    ),
    _GO(
        name="a method of Go",
        kind=_NAME,
        base=_CART,
        gold=_go("type Cart struct{}\n\nfunc (c *Cart) pruneOld() {}\n"),
        after=_go("type Cart struct{}\n\nfunc (c *Cart) pruneOldImpl() {}\n"),
        test="package cart\n\nfunc TestIt() { new(Cart).pruneOld() }\n",
        mirror="package cart\n\nfunc TestIt() { new(Cart).pruneOldImpl() }\n",
    ),
    _GO(
        name="a method that an interface of the standard library has",
        kind=_NAME,
        base=_CART,
        gold=_go("type Cart struct{}\n\nfunc (c *Cart) UnmarshalText() {}\n"),
        test="package cart\n\nfunc TestIt() { new(Cart).UnmarshalText() }\n",
        refused=RefusalReason.FRAMEWORK,
    ),
    _GO(
        name="a method that nothing here calls",
        kind=_NAME,
        base=_CART,
        gold=_go("type Cart struct{}\n\nfunc (c *Cart) OnCheckout() {}\n"),
        refused=RefusalReason.FRAMEWORK,
    ),
    _GO(
        name="a method that an interface of base asks for",
        kind=_NAME,
        base=_CART,
        more=(("api/api.go", "package api\n\ntype Shop interface {\n\tOnSale() bool\n}\n"),),
        gold=_go("type Cart struct{}\n\nfunc (c *Cart) OnSale() bool { return c.OnSale() }\n"),
        refused=RefusalReason.IN_BASE,
    ),
    _GO(
        name="a field of Go",
        kind=_NAME,
        base=_CART,
        gold=_go("type Cart struct{ maxPrice int }\n"),
        after=_go("type Cart struct{ mostPrice int }\n"),
        test="package cart\n\nvar c = Cart{maxPrice: 3}\n",
        mirror="package cart\n\nvar c = Cart{mostPrice: 3}\n",
    ),
    _GO(
        name="a field with a tag is read by its name",
        kind=_NAME,
        base=_CART,
        gold=_go('type Cart struct{ MaxPrice int `json:"max"` }\n'),
        refused=RefusalReason.FRAMEWORK,
    ),
    _GO(
        name="a field in a file that reads JSON",
        kind=_NAME,
        base=_CART,
        gold='package cart\n\nimport _ "encoding/json"\n\ntype Cart struct{ MaxPrice int }\n',
        refused=RefusalReason.FRAMEWORK,
    ),
    _GO(
        name="a name that gold also has in a text",
        kind=_NAME,
        gold=_go('func LoadCart() int { return call("LoadCart") }\n'),
        refused=RefusalReason.DYNAMIC,
    ),
    _GO(
        name="a name that a file of another kind has too",
        kind=_NAME,
        gold=_go("func LoadCart() int { return 0 }\n"),
        gold_more=(("deploy.yaml", "call: LoadCart\n"),),
        refused=RefusalReason.DYNAMIC,
    ),
    _GO(
        name="a word that another package has as well",
        kind=_NAME,
        gold='package cart\n\nimport "strings"\n\ntype Contains struct{}\n\n'
        'var _ = strings.Contains("a", "b")\n',
        refused=RefusalReason.FRAMEWORK,
    ),
    _GO(
        name="what the language has itself",
        kind=_NAME,
        base=_CART,
        gold=_go("type Cart struct{}\n\nfunc (c *Cart) append() { c.append() }\n"),
        refused=RefusalReason.DUNDER,
    ),
    _GO(
        name="a name that the statement gives",
        kind=_NAME,
        statement="Please add a function `LoadCart`.",
        gold=_go("func LoadCart() int { return 0 }\n"),
        refused=RefusalReason.STATED,
    ),
    _GO(
        name="tests and init are called by their names",
        kind=_NAME,
        gold=_go("func init() {}\n"),
        refused=RefusalReason.DUNDER,
    ),
    _GO(
        name="an error of Go, with its verbs",
        kind=_MESSAGE,
        gold=_total('fmt.Errorf("cart %d must be filled: %w", n, err)'),
        after=_total('fmt.Errorf("cart %d has to be filled: %w", n, err)'),
        test='package cart\n\nvar want = "cart 7 must be filled: full"\n',
        mirror='package cart\n\nvar want = "cart 7 has to be filled: full"\n',
    ),
    _GO(
        name="part of an error that a test of Go looks for",
        kind=_MESSAGE,
        gold=_total("errors.New(`the cart is not allowed to be empty`)"),
        after=_total("errors.New(`the cart is not permitted to be empty`)"),
        test=_test('require.ErrorContains(t, err, "not allowed to be")'),
        mirror=_test('require.ErrorContains(t, err, "not permitted to be")'),
    ),
    _GO(
        name="a text that base has",
        kind=_MESSAGE,
        gold=_total('errors.New("the cart must be filled")'),
        more=(("doc.md", "It says: the cart must be filled\n"),),
        refused=RefusalReason.IN_BASE,
    ),
    _JS(
        name="a function of JavaScript, where it is exported and where it is imported",
        kind=_NAME,
        gold="function loadCart() {}\nmodule.exports = { loadCart };\n",
        after="function readCart() {}\nmodule.exports = { readCart };\n",
        test='const { loadCart } = require("..");\nit("is loadCart now", () => loadCart());\n',
        mirror='const { readCart } = require("..");\nit("is loadCart now", () => readCart());\n',
    ),
    _JS(
        name="a function that is hung on an object",
        kind=_NAME,
        base="const Cart = module.exports;\n",
        gold="const Cart = module.exports;\nCart.getPrice = async (id) => id;\n",
        after="const Cart = module.exports;\nCart.fetchPrice = async (id) => id;\n",
        test="await Cart.getPrice(3);\n",
        mirror="await Cart.fetchPrice(3);\n",
    ),
    _JS(
        name="a name by which gold looks something up",
        kind=_NAME,
        base="class Cart {}\n",
        gold='class Cart {\n  loadCart() {}\n}\nnew Cart()["loadCart"]();\n',
        refused=RefusalReason.DYNAMIC,
    ),
    _JS(
        name="a function whose name other objects have as well",
        kind=_NAME,
        gold="function flatten() {}\nflatten(rows.flatten());\n",
        refused=RefusalReason.FRAMEWORK,
    ),
    _JS(
        name="a name that is written out as a key",
        kind=_NAME,
        gold="const loadCart = 3;\nsend({ loadCart });\n",
        refused=RefusalReason.FRAMEWORK,
    ),
    _JS(
        name="a function of a module of one's own",
        kind=_NAME,
        gold='const own = require("./own");\nexports.loadCart = () => own.loadCart();\n',
        after='const own = require("./own");\nexports.readCart = () => own.readCart();\n',
        test='const { loadCart } = require("..");\n',
        mirror='const { readCart } = require("..");\n',
    ),
    _JS(
        name="a method of a class with ancestors",
        kind=_NAME,
        base="class Cart extends Shelf {}\n",
        gold="class Cart extends Shelf {\n  loadAll() {}\n}\n",
        refused=RefusalReason.FRAMEWORK,
    ),
    _JS(
        name="the key of an object is nothing that can be renamed",
        kind=_NAME,
        gold="module.exports = { loadAll() {}, other: 3 };\n",
    ),
    _JS(
        name="an error of JavaScript, with its substitutions and pieces",
        kind=_MESSAGE,
        gold="throw new Error(`cart ${id} must be filled` + ` by ${who}`);\n",
        after="throw new Error(`cart ${id} has to be filled` + ` by ${who}`);\n",
        test='assert.throws(f, { message: "cart 7 must be filled by Ada" });\n',
        mirror='assert.throws(f, { message: "cart 7 has to be filled by Ada" });\n',
    ),
    _JS(
        name="a pattern of JavaScript",
        kind=_MESSAGE,
        gold="throw new RangeError('the cart (yours) is not allowed');\n",
        after="throw new RangeError('the cart (yours) is not permitted');\n",
        test="assert.throws(f, /cart \\(yours\\) is not allowed$/);\n",
        mirror="assert.throws(f, /cart \\(yours\\) is not permitted$/);\n",
    ),
    _JS(
        name="a key of a translation has no other wording",
        kind=_MESSAGE,
        gold="throw new Error('[[error:no-cart]]');\n",
        refused=RefusalReason.NO_WORDING,
    ),
    _TS(
        name="a component of TypeScript, in its markup too",
        kind=_NAME,
        gold="export const CartList = (): null => null;\nopen(<CartList />);\n",
        after="export const CartSequence = (): null => null;\nopen(<CartSequence />);\n",
        test='import { CartList } from "./cart";\nrender(<CartList />);\n',
        mirror='import { CartSequence } from "./cart";\nrender(<CartSequence />);\n',
    ),
    _TS(
        name="a name that markup has as an attribute",
        kind=_NAME,
        gold="export const onPick = (): null => null;\nopen(<Cart onPick={onPick} />);\n",
        refused=RefusalReason.DYNAMIC,
    ),
    _TS(
        name="a type of TypeScript",
        kind=_NAME,
        gold="export interface CartOptions {\n  open: boolean;\n}\n",
        after="export interface CartChoices {\n  open: boolean;\n}\n",
    ),
)
