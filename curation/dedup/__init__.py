"""Which of several alike rows stays: exact, near, and by meaning."""
