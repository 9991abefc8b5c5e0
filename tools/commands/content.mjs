// npm run content -- lint|test: checks what operators write, and plays its transcripts on the services' own modules.
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

const USAGE = `npm run content -- lint              checks flows, replies, routing and intents
npm run content -- test [flow ...]   plays the transcripts, of all flows or of these`;

export async function main(args) {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const { contentCommand } = await import(join(root, 'apps/conversation-service/dist/content-cli.js'));
  const folder = join(root, 'content');
  const openTheatre = async (content) => {
    const { openTheatre } = await import('../transcripts/theatre.mjs');
    const { fromBuild, loadModules } = await import('../transcripts/modules.mjs');
    return openTheatre(await loadModules(fromBuild), content, folder);
  };
  const { lintOwnIntents: lintIntents } = await import(join(root, 'apps/intent-service/dist/own-intents-cli.js'));
  return contentCommand(args, folder, (line) => console.log(line), { openTheatre, lintIntents });
}
