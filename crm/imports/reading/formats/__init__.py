"""Readers of file formats: from bytes to rows of text, streamed, in a child process without Django."""
