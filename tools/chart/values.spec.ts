import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { root } from '../launcher/paths.mjs';
import { valueProblems } from './values.mjs';

const chart = join(root, 'deploy/helm/parley');
const values = readFileSync(join(chart, 'values.yaml'), 'utf8');
const schema = readFileSync(join(chart, 'values.schema.json'), 'utf8');

/** What is found when a piece of one of the two files is another. */
function problems(from: string | RegExp, to: string, file: 'values' | 'schema' = 'values'): string[] {
  const [text, other] = file === 'values' ? [values, schema] : [schema, values];
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const [yaml, json] = file === 'values' ? [changed, other] : [other, changed];
  return valueProblems(parseDocument(yaml), JSON.parse(json) as object);
}

describe('values of the chart', () => {
  it('all have a comment, a type and a description', () => {
    expect(valueProblems(parseDocument(values), JSON.parse(schema) as object)).toEqual([]);
  });

  it.each([
    ['a comment is missing', '  # Host that all services reach.\n', '', 'database.host: has no comment in values.yaml'],
    ['a comment of a service is missing', ' # its ports', '', 'services.conversation-service.offset: has no comment'],
    [
      'a value is in no schema',
      '  port: 5432\n',
      '  port: 5432\n  # Of what.\n  colour: red\n',
      'database.colour: is not',
    ],
    [
      'a value of a service is in no schema',
      '    kafka: true #',
      '    kafak: true #',
      'services.gateway.kafak: is not',
    ],
    ['a value is only in the schema', '  # Its port.\n  port: 5432\n', '', 'database.port: is in the schema, and not'],
    [
      'a default is missing',
      '  # Whether it answers gRPC. A fact.\n  grpc: true\n',
      '',
      'serviceDefaults.grpc: is in the',
    ],
  ])('are found when %s', (_, from, to, found) => {
    expect(problems(from, to)).toEqual([expect.stringContaining(found)]);
  });

  it.each([
    ['a description is missing', /"description": "Its port\.",/, '', 'database.port: has no description'],
    ['a type is missing', /"type": "boolean"/, '"default": true', 'production: has no type'],
    ['anything goes', '"additionalProperties": false,', '', 'the schema: does not say additionalProperties'],
  ])('are found when in the schema %s', (_, from, to, found) => {
    expect(problems(from, to, 'schema')).toEqual([expect.stringContaining(found)]);
  });
});
