"""The pages of documents and restrictions."""
