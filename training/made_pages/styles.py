"""Ways in which templates of the web write the same parts of a page: six styles of markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Style:
    """One way to write the parts of a page.

    `parts` maps the name of a part to its markup, in which `{}` is the content; a part that is not
    named is a `<div>`.
    """

    name: str
    parts: dict[str, str] = field(default_factory=dict)

    def part(self, name: str, content: str) -> str:
        """Return the markup of a part around content that is markup already."""
        return self.parts.get(name, "<div>{}</div>").replace("{}", content)

    def text(self, name: str, text: str) -> str:
        """Return the markup of a part around plain text."""
        return self.part(name, escape(text, quote=False))

    def links(self, name: str, labels: list[str]) -> str:
        """Return a list of links; `name` is the part that holds it: "menu", "footer", "list"."""
        items = [
            self.part("item", f'<a href="/{name}/{number}">{escape(label)}</a>') for number, label in enumerate(labels)
        ]
        return self.part(name, self.part("items", "".join(items)))


HTML5 = Style(
    "html5",
    {
        "page": "{}",
        "header": "<header>{}</header>",
        "logo": '<a href="/" class="logo">{}</a>',
        "menu": "<nav>{}</nav>",
        "items": "<ul>{}</ul>",
        "item": "<li>{}</li>",
        "main": "<main>{}</main>",
        "article": "<article>{}</article>",
        "section": "<section>{}</section>",
        "card": "<article>{}</article>",
        "title": "<h1>{}</h1>",
        "heading": "<h2>{}</h2>",
        "paragraph": "<p>{}</p>",
        "steps": "<ol>{}</ol>",
        "step": "<li>{}</li>",
        "line": "{}<br>",
        "verses": "<p>{}</p>",
        "date": "<time>{}</time>",
        "form": "<form>{}</form>",
        "label": "<label>{} <input></label>",
        "button": "<button>{}</button>",
        "sidebar": "<aside>{}</aside>",
        "footer": "<footer>{}</footer>",
        "list": "{}",
        "picture": '<figure><img src="/p.jpg" alt="{}"></figure>',
        "table": "<table>{}</table>",
        "row": "<tr>{}</tr>",
        "cell": "<td>{}</td>",
    },
)
SOUP = Style(
    "soup",
    {
        "page": '<div id="wrapper">{}</div>',
        "header": '<div id="header">{}</div>',
        "logo": '<div id="logo"><a href="/">{}</a></div>',
        "menu": '<div id="nav">{}</div>',
        "items": '<div class="links">{}</div>',
        "item": "<span>{}</span> ",
        "main": '<div id="content">{}</div>',
        "article": '<div class="post"><div class="entry">{}</div></div>',
        "section": '<div class="box">{}</div>',
        "card": '<div class="teaser">{}</div>',
        "title": '<div class="pagetitle">{}</div>',
        "heading": '<div class="heading">{}</div>',
        "paragraph": '<div class="para">{}</div>',
        "steps": '<div class="steps">{}</div>',
        "step": '<div class="step">{}</div>',
        "line": "<div>{}</div>",
        "verses": '<div class="verse">{}</div>',
        "date": '<span class="date">{}</span>',
        "form": '<form action="/go">{}</form>',
        "label": '<div class="field">{}: <input type="text"></div>',
        "button": '<input type="submit" value="{}">',
        "sidebar": '<div id="sidebar">{}</div>',
        "footer": '<div id="footer">{}</div>',
        "list": '<div class="list">{}</div>',
        "picture": '<div class="pic"><a href="/big"><img src="/p.jpg"></a></div>',
        "table": '<div class="grid">{}</div>',
        "row": '<div class="gridrow">{}</div>',
        "cell": '<span class="gridcell">{}</span> ',
    },
)
TABLES = Style(
    "tables",
    {
        "page": '<table width="780" cellpadding="0">{}</table>',
        "header": '<tr><td colspan="3" bgcolor="#003366">{}</td></tr>',
        "logo": '<a href="/"><img src="/logo.gif" alt="{}"></a>',
        "menu": '<table width="100%"><tr>{}</tr></table>',
        "items": "{}",
        "item": "<td>{}</td>",
        "main": '<tr><td colspan="2" valign="top">{}</td></tr>',
        "article": "<table><tr><td>{}</td></tr></table>",
        "section": "<table><tr><td>{}</td></tr></table>",
        "card": '<table class="story"><tr><td><img src="/s.gif"></td><td>{}</td></tr></table>',
        "title": '<font size="5"><b>{}</b></font><br>',
        "heading": '<font size="3"><b>{}</b></font><br>',
        "paragraph": "{}<br><br>",
        "steps": "<ol>{}</ol>",
        "step": "<li>{}",
        "line": "{}<br>",
        "verses": "<p>{}",
        "date": "<font size=1>{}</font><br>",
        "form": '<form action="/cgi-bin/go"><table>{}</table></form>',
        "label": "<tr><td>{}</td><td><input></td></tr>",
        "button": '<tr><td colspan="2"><input type="submit" value="{}"></td></tr>',
        "sidebar": '<tr><td width="160" bgcolor="#eeeeee">{}</td></tr>',
        "footer": '<tr><td colspan="3" align="center">{}</td></tr>',
        "list": "<table><tr>{}</tr></table>",
        "picture": '<a href="/big.html"><img src="/p.gif" border="0"></a>',
        "table": "<table border=1>{}</table>",
        "row": "<tr>{}</tr>",
        "cell": "<td>{}</td>",
    },
)
FRAMEWORK = Style(
    "framework",
    {
        "page": '<div class="container-fluid">{}</div>',
        "header": '<header class="navbar navbar-expand-lg navbar-light">{}</header>',
        "logo": '<a class="navbar-brand" href="/">{}</a>',
        "menu": '<nav class="collapse navbar-collapse">{}</nav>',
        "items": '<ul class="navbar-nav list-unstyled">{}</ul>',
        "item": '<li class="nav-item">{}</li>',
        "main": '<div class="row"><div class="col-md-8" role="main">{}</div></div>',
        "article": '<article class="card"><div class="card-body">{}</div></article>',
        "section": '<section class="py-4">{}</section>',
        "card": '<div class="col-sm-4"><div class="card"><div class="card-body">{}</div></div></div>',
        "title": '<h1 class="display-4">{}</h1>',
        "heading": '<h3 class="card-title">{}</h3>',
        "paragraph": '<p class="card-text">{}</p>',
        "steps": '<ol class="list-group">{}</ol>',
        "step": '<li class="list-group-item">{}</li>',
        "line": "{}<br/>",
        "verses": '<p class="lead">{}</p>',
        "date": '<small class="text-muted">{}</small>',
        "form": '<form class="form-horizontal">{}</form>',
        "label": '<div class="form-group"><label>{}</label><input class="form-control"></div>',
        "button": '<a class="btn btn-primary" href="/go">{}</a>',
        "sidebar": '<div class="col-md-4"><div class="list-group">{}</div></div>',
        "footer": '<footer class="footer mt-auto">{}</footer>',
        "list": '<div class="list-group">{}</div>',
        "picture": '<div class="col-6"><img class="img-thumbnail" src="/p.jpg" alt=""></div>',
        "table": '<table class="table table-sm">{}</table>',
        "row": "<tr>{}</tr>",
        "cell": '<td class="text-center">{}</td>',
    },
)
HASHED = Style(
    "hashed",
    {
        "page": '<div id="__root"><div class="sc-1x4kq7e-0 bDkzYp">{}</div></div>',
        "header": '<div class="css-1b9q3e5">{}</div>',
        "logo": '<a class="css-k00z8m" href="/"><span>{}</span></a>',
        "menu": '<div class="css-9m3kdp" role="navigation">{}</div>',
        "items": '<div class="css-xi606m">{}</div>',
        "item": '<div class="css-1u9des2">{}</div>',
        "main": '<div class="css-8atqhb" role="main">{}</div>',
        "article": '<div class="css-0 e1xdw5400">{}</div>',
        "section": '<section class="css-v7w2uh">{}</section>',
        "card": '<div class="css-ujfpyj"><div class="css-1kzw2bb">{}</div></div>',
        "title": '<h1 class="css-1l8buln e1h9rw200">{}</h1>',
        "heading": '<h2 class="css-qvz0vj">{}</h2>',
        "paragraph": '<p class="css-53u6y8"><span>{}</span></p>',
        "steps": '<div class="css-1i2y565">{}</div>',
        "step": '<div class="css-ep0tbl"><p>{}</p></div>',
        "line": '<span class="css-4w91ra">{}</span><br>',
        "verses": '<div class="css-1fanzo5"><p>{}</p></div>',
        "date": '<span class="css-1acwmmj">{}</span>',
        "form": '<div class="css-1dv1kvn">{}</div>',
        "label": '<div class="css-l9onyx"><span>{}</span><input></div>',
        "button": '<div class="css-tidtyo" role="button" tabindex="0">{}</div>',
        "sidebar": '<div class="css-14jsv4e">{}</div>',
        "footer": '<div class="css-mtxjxs">{}</div>',
        "list": '<div class="css-13mho3u">{}</div>',
        "picture": '<div class="css-1gtxqqv"><picture><img src="/p.webp" alt=""></picture></div>',
        "table": '<div class="css-grid1a">{}</div>',
        "row": '<div class="css-row77q">{}</div>',
        "cell": '<div class="css-cel0x2">{}</div>',
    },
)
BARE = Style(
    "bare",
    {
        "page": "{}",
        "header": "{}<hr>",
        "logo": "<a href=/><b>{}</b></a>",
        "menu": "<p>{}",
        "items": "{}",
        "item": "[{}] ",
        "main": "{}",
        "article": "<div>{}</div>",
        "section": "<div>{}</div>",
        "card": "<div>{}</div>",
        "title": "<h1>{}</h1>",
        "heading": "<h2>{}</h2>",
        "paragraph": "<p>{}</p>",
        "steps": "<ol>{}</ol>",
        "step": "<li>{}</li>",
        "line": "{}<br>",
        "verses": "<p>{}</p>",
        "date": "<i>{}</i><br>",
        "form": "<form>{}</form>",
        "label": "<p>{} <input>",
        "button": "<button>{}</button> ",
        "sidebar": "<hr>{}",
        "footer": "<hr>{}",
        "list": "<ul>{}</ul>",
        "picture": "<img src=p.jpg> ",
        "table": "<table>{}</table>",
        "row": "<tr>{}</tr>",
        "cell": "<td>{}",
    },
)
STYLES = (HTML5, SOUP, TABLES, FRAMEWORK, HASHED, BARE)
