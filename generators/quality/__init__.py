"""Quality control of any data set (section 4.2.3): rules, tags, judges, de-duplication and decontamination.

Every filter keeps a row or drops it with a reason; what is dropped is kept beside the data, with the reason and its evidence.
"""
