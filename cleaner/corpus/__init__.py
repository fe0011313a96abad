"""Readers and writers, by format. A reader yields chunks; a chunk, in whichever process, yields records."""
