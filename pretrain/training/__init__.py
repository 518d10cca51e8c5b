"""One training: its loop, its schedules, its states."""
