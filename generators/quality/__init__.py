"""What asks a checkpoint about rows, or measures what it wrote (section 4.2.3): tags, judges and their agreement with the verifiers,
diversity, and the guard over hard prompts. What needs no checkpoint is in `curation`.
"""
