"""Orders and answers of a judge: one JSON object a line."""

import json
import sys


def serve(work):
    for line in sys.stdin:
        print(json.dumps(work(**json.loads(line))), flush=True)
