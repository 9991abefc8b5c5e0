import { writeFile } from 'node:fs/promises';
import { judge, type LeakReport } from '../src/leaks/report.js';
import { runLeaks } from '../src/leaks/run.js';

/** `npm run leaks` asks for the whole report here. */
const reportFile = process.env['PARLEY_LEAKS_REPORT'];

/** Kinds of places in which the control is planted: not finding it there means that the scan is blind. */
const CONTROLLED = [
  'HTTP answers',
  'command output',
  'files of the data folder',
  'files of the database cluster, WAL too',
  'logs',
  'metrics by OTLP',
  'tables',
  'traces',
];

describe('secrets and personal data, pushed through every path', () => {
  let report: LeakReport;

  beforeAll(async () => {
    report = judge(await runLeaks());
    if (reportFile) await writeFile(reportFile, JSON.stringify(report));
  }, 600_000);

  it('are looked for where something was written', () => {
    expect(report.paths.length).toBeGreaterThan(60);
    for (const { bytes } of report.rows) expect(bytes).toBeGreaterThan(0);
    expect(report.controlled).toEqual(expect.arrayContaining(CONTROLLED));
  });

  it('are found nowhere', () => {
    expect(report.leaks.slice(0, 20)).toEqual([]);
  });
});
