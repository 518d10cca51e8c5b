"""What is kept of a data set, and what is dropped with its reason: filters, de-duplication, decontamination."""
