"""What a log says: parse, grade, explain."""
