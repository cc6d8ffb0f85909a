class LedgerError(Exception):
    """Something in a journal file is not as it should be."""

    def __init__(self, message, line=None):
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line
