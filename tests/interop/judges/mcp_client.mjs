// The agent's side of MCP, by the official TypeScript SDK: calls one tool of a server.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { serve } from './lines.mjs';

await serve(async ({ url, tool, arguments: args, meta }) => {
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const { tools } = await client.listTools();
  const result = await client.callTool({ name: tool, arguments: args, _meta: meta });
  await client.close();
  return {
    tools: tools.map((each) => each.name),
    error: Boolean(result.isError),
    texts: result.content.map((part) => part.text),
    meta: result._meta ?? {},
  };
});
