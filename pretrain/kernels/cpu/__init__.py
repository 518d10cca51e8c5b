"""Kernels for a CPU, in C++ compiled at first use."""
