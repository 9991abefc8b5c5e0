import { readFileSync } from 'node:fs';
import { readOwnIntents, type ContentProblem } from './outbound/content/own-intents-folder.js';
import { MODEL_FILE, readModel } from './outbound/model/model-file.js';
import { contrastTexts } from './outbound/training/contrast.js';
import { OwnIntents } from './domain/own/own-intents.js';
import { inspectOwnIntents, type OwnFigures } from './usecases/inspect-own-intents.js';

/** What `npm run content -- lint` says about `content/intents`. */
export interface IntentsReport {
  problems: ContentProblem[];
  warnings: ContentProblem[];
  /** Lines about how well each intent is told from the others. */
  figures: string[];
}

/** Checks the own intents of a content folder: first what they say, then, by cross-validation, how well they can be learned. */
export async function lintOwnIntents(folder: string): Promise<IntentsReport> {
  const model = readModel(readFileSync(MODEL_FILE)).intent;
  const { intents, problems, place } = await readOwnIntents(folder, model.weights.labels);
  if (problems.length > 0 || intents.length === 0) return { problems, warnings: [], figures: [] };
  const began = performance.now();
  const contrast = contrastTexts();
  OwnIntents.learn(intents, contrast, model);
  const ms = Math.round(performance.now() - began);
  const found = inspectOwnIntents(intents, contrast, model);
  const examples = intents.reduce((sum, each) => sum + each.examples.length, 0);
  return {
    problems: found.problems.map(place),
    warnings: found.warnings.map(place),
    figures: [...found.figures.map(lineOf), `${intents.length} own intents, ${examples} examples, learned in ${ms} ms`],
  };
}

const lineOf = ({ intent, examples, precision, recall }: OwnFigures): string =>
  `${intent}: ${examples} examples, precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)} (each fifth left out in turn)`;
