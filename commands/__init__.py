"""The commands of `lab`: a file a noun. They parse, call and print; what is done is done in the packages."""
