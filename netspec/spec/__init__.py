"""What a person writes: the models of a document, and reading it from text."""
