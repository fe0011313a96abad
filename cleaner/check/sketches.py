"""What is compared of a text, made once for each content and kept in a cache."""
