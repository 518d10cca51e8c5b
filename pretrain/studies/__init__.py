"""What small runs tell about larger ones, and about a data set."""
