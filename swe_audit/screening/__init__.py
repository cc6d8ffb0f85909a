"""What can be known of a task without running anything."""
