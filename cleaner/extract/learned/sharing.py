"""Links that send a page on: told by their addresses, whatever they say and in whatever language."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from cleaner.extract.block import Block, Page
from cleaner.extract.learned.characters import Ints

# The addresses at which services, messengers and mail programs take what somebody sends on; documented by each.
_SENDS: Final = re.compile(
    r"""(?: (?:whatsapp|fb-messenger|viber|tg|line):// (?:send|share|forward|msg)
          | (?:mailto|sms): \?
          | https?:// (?:[\w-]+\.)* (?:
              whatsapp\.com/send | wa\.me/\? | t(?:elegram)?\.me/share
            | facebook\.com/ (?:sharer|share\.php|dialog/(?:feed|share|send))
            | (?:twitter|x)\.com/ (?:intent/|share[/?])
            | linkedin\.com/ (?:shareArticle|sharing/) | pinterest\.[a-z.]+/pin/create | reddit\.com/submit
            | tumblr\.com/ (?:share|widgets/share) | vk\.com/share | ok\.ru/ (?:dk|offer) | xing\.com/spi/
            | getpocket\.com/save | share\.flipboard\.com | line\.me/R/ | b\.hatena\.ne\.jp/add
            | service\.weibo\.com/share | qzone\.qq\.com/cgi-bin/qzshare | addtoany\.com/share
          )
        )""",
    re.VERBOSE | re.IGNORECASE,
)
_LINKED: Final = 950  # of a thousand code points


def sends_on(page: Page, likely: Ints, links: Ints) -> Ints:
    """Return 1 for each likely block that is nothing but links that send a page on; `links` is how much of it links."""
    result = np.zeros(len(likely), np.int64)
    for number in np.flatnonzero((likely > 0) & (links >= _LINKED)).tolist():
        result[number] = _all_send(page.blocks[number])
    return result


def _all_send(block: Block) -> bool:
    addresses = [mark.value for mark in block.inline.marks if mark.kind == "link"]
    return bool(addresses) and all(_SENDS.match(address.strip()) for address in addresses)
