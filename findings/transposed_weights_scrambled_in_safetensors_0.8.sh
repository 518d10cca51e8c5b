#!/usr/bin/env bash
# safetensors 0.8.0, `safetensors.numpy`: a transposed matrix is saved as another one, which 0.7.0 did not.
#
# 0.8 writes an array's memory as it lies there, under the shape that the array has. Of a transposed weight, a column-major array as
# LAPACK and scikit-learn's PCA return, or every other column of a matrix, the memory lies otherwise: the file has the right
# shape, type and size, loads without a word, and its values stand in other places. Weights that are converted from one
# framework to another, where a layer is turned over, go that way. The docstring asks for contiguous arrays; nothing checks.
#
# Seen: with 0.7.0 all three load as they were saved; with 0.8.0 none does, and a contiguous copy does.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
cd "$work"
cat >run.py <<'PYTHON'
import numpy
import safetensors
from safetensors.numpy import load_file, save_file

weight = numpy.arange(12, dtype=numpy.float32).reshape(3, 4)
tensors = {
    "transposed": weight.T,
    "column-major": numpy.asfortranarray(weight),
    "every other column": weight[:, ::2],
    "a copy": numpy.ascontiguousarray(weight.T),
}
save_file(tensors, "model.safetensors")
for name, loaded in load_file("model.safetensors").items():
    same = "as saved" if numpy.array_equal(loaded, tensors[name]) else "other values"
    print(f"{safetensors.__version__}, {name}: {same if loaded.shape == tensors[name].shape else 'another shape'}")
PYTHON
for version in 0.7.0 0.8.0; do
    "$work/venv/bin/pip" install --quiet numpy==2.3.5 safetensors==$version
    "$work/venv/bin/python" run.py
done | tee run.log
test "$(grep -c "^0.7.0, .*: as saved$" run.log)" -eq 4
test "$(grep -c "^0.8.0, .*: other values$" run.log)" -eq 3
grep -qx "0.8.0, a copy: as saved" run.log
