// Orders and answers of a judge: one JSON object a line.
import { createInterface } from 'node:readline';

export async function serve(work) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await work(JSON.parse(line))) + '\n');
  }
}
