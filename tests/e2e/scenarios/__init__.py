"""One way to each reason of the enum, and every way to a token.

A reason is added by one function that makes the daemon give it. What the
scenarios do is not compared beyond the reason: other tests do that.
"""

from scenarios import callers, granted, handles, process, replies, subjects  # noqa: F401
from scenarios.registry import OUT_OF_REACH, REASONS, SUCCESSES, TRICKS  # noqa: F401
