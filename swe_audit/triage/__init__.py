"""The reviewer's local page: a server on this machine alone, and ``decisions.yaml``."""
