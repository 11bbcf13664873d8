"""What is posted to the token endpoint, on its way to the provider."""

import urllib.parse

from wire import Wire


class Recorder(Wire):
    def __init__(self, provider):
        super().__init__(provider)
        self.posts = []

    def answer(self, request):
        if request.command == "POST":
            self.posts.append(dict(urllib.parse.parse_qsl(request.body.decode())))
        return super().answer(request)

    def taken(self):
        """The forms since the last time."""
        posts, self.posts = self.posts, []
        return posts
