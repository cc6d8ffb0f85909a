"""The nouns: frozen, typed, and free of behaviour that needs the outside world."""
