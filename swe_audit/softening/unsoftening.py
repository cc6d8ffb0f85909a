"""Take the softening out of a program again, to see that it is the one that it was."""

from __future__ import annotations

import ast
import warnings

NAME = "_swe_soft_"
"""What the recorder is called in a softened file."""


def same_program(before: str, after: str) -> bool:
    """Whether a softened file is the program that it was, once what was put in is taken out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain, soft = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return ast.dump(plain) == ast.dump(_Hardened().visit(soft))


class _Hardened(ast.NodeTransformer):
    """Removes every use of the recorder."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [each for each in node.body if not _is_ours(each)]
        return self.generic_visit(node)

    def visit_With(self, node: ast.With) -> ast.AST:
        ours = [item for item in node.items if _is_our_call(item.context_expr)]
        self.generic_visit(node)
        if len(ours) == len(node.items) == 1 and len(node.body) == 1:
            return node.body[0]
        node.items = [item for item in node.items if item not in ours]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return node.args[0] if _is_our_call(node) and len(node.args) == 1 else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        # ``test`` takes a line, ``under`` a line and the decorator that stood there.
        decorators = []
        for each in node.decorator_list:
            if isinstance(each, ast.Call) and _is_our_call(each):
                decorators += each.args[1:]
            else:
                decorators.append(each)
        node.decorator_list = decorators
        return self.generic_visit(node)


def _is_ours(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        value = node.value
        called = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
        return called and NAME in ast.unparse(node).split("(")[0]
    if isinstance(node, ast.Import):
        return any(alias.asname == NAME for alias in node.names)
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == NAME


def _is_our_call(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == NAME
    )
