"""The torch pre-training core: Llama 3's architecture, kernels, data, stages. It imports no other package of ours.

Reading order: `model.py` (the transformer), `kernels/reference.py` (what attention over packed documents means) and
`kernels/` (how it is made fast), `data/packing.py` and `data/loader.py` (what a batch is), `schedules.py`,
`trainer.py` (the loop), `stages.py` (initial, long context, annealing), `huggingface.py` (in and out).
"""
