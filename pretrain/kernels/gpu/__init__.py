"""Kernels for a CUDA device, in Triton and Gluon."""
