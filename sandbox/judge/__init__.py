"""From the facts of a run to its report, decided on the host."""
