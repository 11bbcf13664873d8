"""A browser, as far as the provider's pages need one: it fills forms in and sends them."""

import html.parser
import urllib.error
import urllib.parse
import urllib.request


class Page(html.parser.HTMLParser):
    """The one form of a page."""

    def __init__(self, url, text):
        super().__init__()
        self.action, self.fields, self.text = url, {}, text
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes.get("action", self.action)
        if tag == "input":
            self.fields[attributes["name"]] = attributes.get("value", "")
            if attributes.get("type") == "checkbox":
                del self.fields[attributes["name"]]


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self, provider):
        self.opener = urllib.request.build_opener(
            NoRedirects, urllib.request.HTTPSHandler(context=provider.context)
        )

    def open(self, url, fields=None):
        """The page, or the URL that the browser is sent to."""
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(url, data) as reply:
                return Page(url, reply.read().decode())
        except urllib.error.HTTPError as reply:
            assert reply.code == 302, reply.read().decode()
            return reply.headers["Location"]

    def fill(self, page, **entered):
        unknown = entered.keys() - page.fields.keys() - {"secondFactor", "answer"}
        assert not unknown, page.text
        return self.open(page.action, {**page.fields, **entered})

    def sign_in(self, page, user, **more):
        password = f"{user}-development-only"
        return self.fill(page, username=f"{user}@contoso.example", password=password, **more)


def answer_in(url):
    """What the client is told by a redirect, or by a form that is posted to it."""
    if isinstance(url, Page):
        return url.fields
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
