// Puts the seeded bug that PARLEY_FAULTS_BUG names into the files this process loads. Loaded by NODE_OPTIONS=--import into every
// process of the launcher, those that migrate included. A text that is not found exactly once ends the process.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { applied, builtFile, editsOf } from './bugs.mjs';

const name = process.env.PARLEY_FAULTS_BUG;
const edited = new Map(
  name ? [...editsOf(name)].map(([source, edits]) => [pathToFileURL(builtFile(source)).href, edits]) : [],
);

if (edited.size > 0) {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const edits = edited.get(url);
      if (!edits) return loaded;
      return { ...loaded, source: applied(edits, Buffer.from(loaded.source).toString('utf8')) };
    },
  });
}
