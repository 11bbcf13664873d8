"""The agent's side of MCP, by the official Python SDK: calls one tool of a server."""

import asyncio

from lines import serve
from mcp import Client


async def call(url, tool, arguments, meta):
    async with Client(url) as client:
        listed = [each.name for each in (await client.list_tools()).tools]
        result = await client.call_tool(tool, arguments, meta=meta)
    return {
        "tools": listed,
        "error": bool(result.is_error),
        "texts": [part.text for part in result.content],
        "meta": result.meta or {},
    }


serve(lambda **order: asyncio.run(call(**order)))
