"""Learn from many pages of a site which lines belong to its template."""
