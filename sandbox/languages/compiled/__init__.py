"""Languages with a compiler, a file each (C and C++ share one)."""
