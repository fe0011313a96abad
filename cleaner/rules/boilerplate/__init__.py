"""Take boilerplate out of a text, line by line: what stands around an article, and is no part of it."""

from cleaner.rules.boilerplate.breadcrumbs import section_in
from cleaner.rules.boilerplate.packs import Pack, PackError, read_pack
from cleaner.rules.boilerplate.rule import Boilerplate

__all__ = ["Boilerplate", "Pack", "PackError", "read_pack", "section_in"]
