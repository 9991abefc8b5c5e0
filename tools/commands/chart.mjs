// npm run helm:check: everything that CI asks of the chart.
import { checkChart, writeExamples } from '../chart/check.mjs';

const USAGE = `npm run helm:check             lint, unit tests, schemas, kube-score, values, examples
npm run helm:check -- --write  renders the examples anew first`;

export function main(words) {
  if (words.some((word) => word !== '--write')) {
    console.error(USAGE);
    return words.includes('--help') ? 0 : 2;
  }
  try {
    if (words.includes('--write')) writeExamples();
    return checkChart() ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    return 1;
  }
}
