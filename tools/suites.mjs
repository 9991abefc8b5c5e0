// The test suites: which files each runs and what it needs around it.

/** @type {Record<string, { match: string[], needs: string[], workers: number }>} */
export const suites = {
  unit: { match: ['**/*.spec.ts'], needs: [], workers: 2 },
  int: { match: ['**/*.int-spec.ts'], needs: ['postgres'], workers: 2 },
  kafka: { match: ['**/*.kafka-spec.ts'], needs: ['postgres', 'kafka'], workers: 1 },
  e2e: { match: ['**/*.e2e-spec.ts'], needs: [], workers: 1 },
  // The systems under test start a broker each: topics outlive a database, and keys of one cannot be read with another.
  'e2e-kafka': {
    match: ['**/{main-job,import,own-graph,traces,poison,races}.e2e-spec.ts', '**/*.kafka-e2e-spec.ts'],
    needs: ['broker-each'],
    workers: 1,
  },
  // Starts whole systems of its own and kills everything in them; the full form is `npm run faults`.
  faults: { match: ['**/*.faults-spec.ts'], needs: [], workers: 1 },
};

/** What `npm test` runs: everything that needs nothing but Node. */
export const everyday = ['unit', 'int', 'e2e'];
