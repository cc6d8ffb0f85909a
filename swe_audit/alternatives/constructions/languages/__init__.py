"""Go, JavaScript and TypeScript read with tree-sitter, for the constructions name and message."""
