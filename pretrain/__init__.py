"""The torch pre-training core: Llama 3's architecture, kernels, data, stages. Of ours it imports `rows`,
`checkpoints` and `recipes`.

Reading order: `model.py` (the transformer), `kernels/reference.py` (what attention over packed documents means) and
`kernels/` (how it is made fast), `data/packing.py` and `data/loader.py` (what a batch is),
`training/schedules.py` and `training/trainer.py` (the loop), `run/stages.py` (initial, long context, annealing),
`huggingface.py` (in and out).
"""
