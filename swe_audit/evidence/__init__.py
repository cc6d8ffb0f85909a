"""What speaks for a rejected submission and what against a finding: one file per rung."""
