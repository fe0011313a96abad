"""Makes the model that tells a notice (a login wall, an error, a consent box) from a short text by its wording."""
