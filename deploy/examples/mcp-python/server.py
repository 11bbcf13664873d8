"""A self-hosted MCP server as a tool of behalf: it holds no credential.

Each tool call brings a handle, which this process alone can redeem, for a token
of the user on whose behalf the agent calls.
"""

import os
import ssl

import httpx
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent
from tool_tokens import Refusal, ToolTokens

GRAPH = os.environ.get("GRAPH_URL", "https://graph.microsoft.com")

mcp = MCPServer("mail-search")
tokens = ToolTokens(os.environ.get("BEHALF_SOCKET", "/run/behalf/tools.sock"))
tls = ssl.create_default_context()


@mcp.tool()
async def search_mail(text: str, ctx: Context) -> CallToolResult:
    """Searches the user's mail for messages whose subject contains the text."""
    try:
        token = await tokens.redeem((ctx.request_context.meta or {}).get("behalf/handle"))
    except Refusal as error:
        return CallToolResult(
            is_error=True, content=[of_text(str(error))], _meta={"behalf/error": error.info}
        )
    found = [subject for subject in await subjects(token) if text in subject]
    return CallToolResult(content=[of_text(subject) for subject in found])


async def subjects(token):
    headers = {"Authorization": f"Bearer {token.access_token}"}
    async with httpx.AsyncClient(verify=tls) as http:
        reply = await http.get(f"{GRAPH}/v1.0/me/messages", headers=headers)
    reply.raise_for_status()
    return [message["subject"] for message in reply.json()["value"]]


def of_text(text):
    return TextContent(type="text", text=text)


if __name__ == "__main__":
    mcp.run("streamable-http", port=int(os.environ.get("PORT", "8932")))
