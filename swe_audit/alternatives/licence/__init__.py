"""What determines a name that gold introduces: one file per rule of evidence.

Each rule returns the checks that it made, or a denial: then the name must not be changed.
"""
