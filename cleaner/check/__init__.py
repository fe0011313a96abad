"""`cleaner check`: the same rules as a linter. Findings with line and column, mended where that is safe."""
