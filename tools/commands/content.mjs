// npm run content -- lint|test: checks what operators write, and plays its transcripts.
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

export async function main(args) {
  const { contentCommand } = await import(join(root, 'apps/conversation-service/dist/content-cli.js'));
  return contentCommand(args, join(root, 'content'), (line) => console.log(line));
}
