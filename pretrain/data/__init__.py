"""From text to packed batches, in the order in which a document meets the files.

`sources.py` streams documents, `pack.py` tokenises them into `shards.py`'s memory-mapped files, `loader.py` draws documents
from a weighted mixture of such directories, and `packing.py` lays them into rows and says what a batch is.

Curation (section 3.1.1: heuristic filters, de-duplication at URL, document and line level, quality classifiers, language
identification) belongs between `sources.py` and `pack.py`: a function from documents to documents, or to reasons for
dropping them, which `pack` counts in its manifest beside its own. It is not here yet; shards are packed from text that
is taken as it comes.
"""
