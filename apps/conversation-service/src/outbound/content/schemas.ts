import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

/** Schemas that lie beside the content, where editors find them too. */
export type SchemaName = 'flows' | 'replies' | 'business' | 'arguments' | 'routing' | 'intents';

/** A place in a document where it breaks its schema. */
export interface SchemaProblem {
  path: (string | number)[];
  message: string;
}

// By their text: a schema that is edited is another schema.
const compiled = new Map<string, ValidateFunction>();

/** Checks a document against `<name>.schema.json` of the content folder. */
export async function checkSchema(folder: string, name: SchemaName, value: unknown): Promise<SchemaProblem[]> {
  const validate = await validator(join(folder, `${name}.schema.json`));
  if (validate(value)) return [];
  const problems = (validate.errors ?? []).map((error) => problemOf(error));
  // "must match a schema in anyOf" only repeats what its parts have said already.
  const telling = problems.filter((p) => !/must match|if" keyword/.test(p.message));
  return telling.length > 0 ? telling : problems;
}

async function validator(path: string): Promise<ValidateFunction> {
  const schema = await readFile(path, 'utf8');
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  const fresh = ajv.compile(JSON.parse(schema) as object);
  compiled.set(schema, fresh);
  return fresh;
}

function problemOf({ instancePath, message, keyword, params }: ErrorObject): SchemaProblem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const key = String(params.additionalProperty ?? '');
  if (keyword === 'additionalProperties' && key === 'wait') {
    return { path, message: '"wait" is not supported yet: end the flow here and let the next message start another' };
  }
  if (keyword === 'additionalProperties') return { path, message: `unknown key "${key}": remove it or correct its name` };
  if (keyword === 'enum') return { path, message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}` };
  const last = path.at(-1);
  return { path, message: `${last === undefined ? 'the file' : `"${last}"`} ${message ?? 'is wrong'}` };
}
