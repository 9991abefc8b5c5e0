// npm run content -- lint|test: checks what operators write, and plays its transcripts on the services' own modules.
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

export async function main(args) {
  const { contentCommand } = await import(join(root, 'apps/conversation-service/dist/content-cli.js'));
  const theatre = async (content) => {
    const { openTheatre } = await import('../transcripts/theatre.mjs');
    const { fromBuild, loadModules } = await import('../transcripts/modules.mjs');
    return openTheatre(await loadModules(fromBuild), content);
  };
  return contentCommand(args, join(root, 'content'), (line) => console.log(line), theatre);
}
