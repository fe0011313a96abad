"""Take boilerplate out of a text, line by line: what stands around an article, and is no part of it."""

from cleaner.rules.boilerplate.breadcrumbs import section_in
from cleaner.rules.boilerplate.packs import PackError
from cleaner.rules.boilerplate.rule import Boilerplate, catalog, info_from_pack
from cleaner.rules.catalog import RuleInfo

__all__ = ["Boilerplate", "PackError", "RuleInfo", "catalog", "info_from_pack", "section_in"]
