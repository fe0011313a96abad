"""The page that shows a run: facts from the workers, collected in bounded memory, drawn as one HTML file."""
