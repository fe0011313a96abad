"""The host of an address, and the names that a site may go by."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(address: str | None) -> str:
    """Return the host of an address in lower case, without `www.`; "" where there is none.

    >>> host_of("https://www.Example.org:8080/a"), host_of("no address"), host_of("http://[broken")
    ('example.org', '', '')
    """
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def names_of_site(sitename: str | None, address: str | None) -> list[str]:
    """Return the names that a site may go by, "" among them: its own, its host, that one's first and main label.

    >>> names_of_site("The Bean", "https://news.bean.example/a")
    ['The Bean', 'news.bean.example', 'news', 'bean']
    """
    host = host_of(address)
    labels = host.split(".")
    return [sitename or "", host, labels[0], labels[-2] if len(labels) > 1 else ""]
