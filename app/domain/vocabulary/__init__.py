"""The words of the house, a noun a file: each kind of word with what a person reads."""
