// Whether every value of the chart has a comment in values.yaml and a type and a description in values.schema.json, and neither
// file knows a value that the other does not.
import { isMap } from 'yaml';

/** Where a schema only points somewhere else, what it points to. */
function resolved(schema, root) {
  const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  return name ? { ...root.$defs[name], description: schema.description, shared: name !== 'service' } : schema;
}

function commentOf(map, n) {
  const { key, value } = map.items[n];
  // The parser gives the comment above a block's first key to the block.
  return [key.commentBefore, n === 0 && map.commentBefore, value?.comment].some((text) => text && text.trim());
}

/** What is wrong with a part of values.yaml, a line each. `partly`: not every value of the schema has to be there. */
function compare(map, schema, root, path, partly) {
  const problems = [];
  const seen = new Set();
  map.items.forEach((pair, n) => {
    const name = pair.key.value;
    const at = [...path, name].join('.');
    const own = schema.properties?.[name] && resolved(schema.properties[name], root);
    seen.add(name);
    if (!own) return problems.push(`${at}: is not in the schema`);
    if (!commentOf(map, n)) problems.push(`${at}: has no comment in values.yaml`);
    if (isMap(pair.value) && own.properties && !own.shared) {
      problems.push(...compare(pair.value, own, root, [...path, name], partly || path[0] === 'services'));
    }
    return undefined;
  });
  const missing = partly ? [] : Object.keys(schema.properties ?? {}).filter((name) => !seen.has(name));
  return [
    ...problems,
    ...missing.map((name) => `${[...path, name].join('.')}: is in the schema, and not in values.yaml`),
  ];
}

/** What is wrong with a part of the schema itself: an open object, a value without a type or description. */
function schemaProblems(schema, path) {
  if (schema === null || typeof schema !== 'object') return [];
  const at = path.join('.') || 'the schema';
  const problems = [];
  const isOpen = schema.type === 'object' && schema.additionalProperties === undefined;
  if (isOpen) problems.push(`${at}: does not say additionalProperties`);
  if (schema.additionalProperties === true && !schema.$comment)
    problems.push(`${at}: takes anything, and does not say why`);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    if (!inner.description) problems.push(`${[...path, name].join('.')}: has no description in the schema`);
    if (!inner.type && !inner.$ref) problems.push(`${[...path, name].join('.')}: has no type in the schema`);
    problems.push(...schemaProblems(inner, [...path, name]));
  }
  for (const [name, inner] of Object.entries(schema.$defs ?? {}))
    problems.push(...schemaProblems(inner, ['$defs', name]));
  if (schema.items) problems.push(...schemaProblems(schema.items, [...path, '[]']));
  return problems;
}

/**
 * What is missing, a line each.
 * @param {import('yaml').Document} values values.yaml, with its comments
 * @param {object} schema values.schema.json
 * @returns {string[]}
 */
export function valueProblems(values, schema) {
  const { global, ...properties } = schema.properties;
  const known = { ...schema, properties };
  const helms = global ? [] : ['global: Helm adds it, and the schema does not know it'];
  // A service in values.yaml says only what differs from serviceDefaults, which has to have everything.
  const problems = compare(values.contents, known, schema, [], false);
  return [
    ...problems.filter((line) => !/^services\.[^:]*: is in the schema, and not/.test(line)),
    ...schemaProblems(schema, []),
    ...helms,
  ];
}
