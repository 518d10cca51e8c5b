"""What rows of a data set are: messages, the forms rows come in, and how files of them are read and written."""
