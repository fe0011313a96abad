"""The plain script: what one writes in an afternoon with the five libraries that cleaner stands on.

usage: python benchmarks/plain.py IN.jsonl OUT.jsonl      records {id, text} or {id, url, html}

trafilatura takes the text, ftfy repairs it, a list of patterns takes cruft lines out, a doubled headline goes,
langdetect names the language, and datasketch's MinHashLSH drops near-duplicates at 0.7. Written fairly: each library is
called once a document, patterns are compiled, and nothing is done twice.
"""

from __future__ import annotations

import json
import re
import sys

import ftfy
import langdetect
import trafilatura
from datasketch import MinHash, MinHashLSH

CRUFT = re.compile(
    r"""\s*(?:
        (?:share|tweet|print|email|facebook|twitter|linkedin|pinterest|whatsapp|reddit)(?:\s+(?:this|on\s+\w+))?
        | (?:leave|post)\s+a\s+(?:comment|reply) | \d*\s*comments?\s*:? | no\s+comments
        | .*\buses?\s+cookies\b.* | (?:accept|reject)(?:\s+all)?
        | (?:related|recommended)\s+(?:articles|posts|stories) | read\s+(?:more|also)\b.* | see\s+also\b.*
        | (?:subscribe|sign\s+up)\b.*\b(?:newsletter|email)\b.* | advertisement | \d+\s+min\s+read
        | (?:copyright|©|\(c\))\s*\d{4}.* | all\s+rights\s+reserved.* | privacy\s+policy | terms\s+of\s+(?:use|service)
        | (?:lire|à\s+lire)\s+aussi\b.* | partager | publicité | commentaires?
        | lesen\s+sie\s+auch\b.* | anzeige
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
WORD = re.compile(r"\w+")
NO_FEATURES = "und"


def cleaned(text: str) -> str:
    text = ftfy.fix_text(text, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False)
    lines: list[str] = []
    for line in text.split("\n"):
        if CRUFT.fullmatch(line) or (line.strip() and lines and line.casefold() == lines[-1].casefold()):
            continue
        lines.append(line)
    return "\n".join(lines).strip()


def language(text: str) -> str:
    try:
        return langdetect.detect(text)
    except langdetect.LangDetectException:
        return NO_FEATURES


def signature(text: str) -> MinHash:
    words = WORD.findall(text.casefold())
    shingles = {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}
    made = MinHash(num_perm=128)
    made.update_batch([shingle.encode() for shingle in shingles])
    return made


def main(source: str, target: str) -> None:
    langdetect.DetectorFactory.seed = 0
    seen = MinHashLSH(threshold=0.7, num_perm=128)
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        for record in map(json.loads, lines):
            title = None
            text = record.pop("text", None)
            if text is None:
                page = trafilatura.bare_extraction(record.pop("html"), url=record.get("url"), with_metadata=True)
                text, title = (page.text, page.title) if page is not None else ("", None)
            text = cleaned(text or "")
            if not text:
                continue
            sketch = signature(text)
            if seen.query(sketch):
                continue
            seen.insert(record["id"], sketch)
            record |= {"title": title, "text": text, "language": language(text)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
