// A self-hosted MCP server as a tool of behalf: it holds no credential. Each
// tool call brings a handle, which this process alone can redeem, for a token of
// the user on whose behalf the agent calls.
import { createServer } from 'node:http';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { Refusal, ToolTokens } from './tool_tokens.ts';

const tokens = new ToolTokens(process.env.BEHALF_SOCKET ?? '/run/behalf/tools.sock', process.env.BEHALF_PROTO ?? 'proto');
const graph = process.env.GRAPH_URL ?? 'https://graph.microsoft.com';

async function subjects(token: string): Promise<string[]> {
  const reply = await fetch(`${graph}/v1.0/me/messages`, { headers: { Authorization: `Bearer ${token}` } });
  if (!reply.ok) throw new Error(`the mail API answered ${reply.status}`);
  const { value } = (await reply.json()) as { value: { subject: string }[] };
  return value.map((message) => message.subject);
}

function server(): McpServer {
  const mcp = new McpServer({ name: 'mail-search', version: '1.0.0' });
  const inputSchema = z.object({ text: z.string().describe('what the subject contains') });
  mcp.registerTool('search_mail', { description: "Searches the user's mail", inputSchema }, async ({ text }, ctx) => {
    try {
      const { access_token } = await tokens.redeem(ctx.mcpReq._meta?.['behalf/handle']);
      const found = (await subjects(access_token)).filter((subject) => subject.includes(text));
      return { content: found.map((subject) => ({ type: 'text' as const, text: subject })) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { isError: true, content: [{ type: 'text', text: error.message }], _meta: { 'behalf/error': error.info } };
    }
  });
  return mcp;
}

const handler = toNodeHandler(createMcpHandler(server));
const [fromHost, fromOrigin] = [localhostHostValidation(), localhostOriginValidation()];
const http = createServer((request, response) => {
  if (fromHost(request, response) && fromOrigin(request, response)) void handler(request, response);
});
http.listen(Number(process.env.PORT ?? 8931), '127.0.0.1', () => console.error('serves', http.address()));
process.once('SIGTERM', () => process.exit(0));
