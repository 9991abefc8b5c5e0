import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRows } from './read-file.mjs';
import * as rows from './rows.mjs';

/** As much of a zod schema as tells its fields. */
interface Schema {
  type: string;
  shape?: Record<string, Schema>;
  element?: Schema;
  unwrap?: () => Schema;
}

const FILES: Record<string, unknown> = {
  'customers.json': rows.customer,
  'products.json': rows.product,
  'orders.json': rows.order,
  'invoices.json': rows.invoice,
  'technicians.json': rows.technician,
  'work_orders.json': rows.workOrder,
};

/** Names of all fields, as the page writes them: `shipments?`, `shipments[].carrier`. Money is a kind of value there. */
function fieldsOf(schema: Schema, before = ''): string[] {
  return Object.entries(schema.shape ?? {}).flatMap(([name, field]) => {
    const optional = field.type === 'optional';
    const inner = optional && field.unwrap ? field.unwrap() : field;
    const own = `${before}${name}${optional ? '?' : ''}`;
    const element = inner.type === 'array' ? inner.element : undefined;
    return [own, ...(element?.shape ? fieldsOf(element, `${before}${name}[].`) : [])];
  });
}

describe('docs/import.md', () => {
  let page = '';
  beforeAll(async () => {
    page = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8');
  });

  const sectionOf = (file: string): string => page.split(`\n### \`${file}\`\n`)[1]?.split(/\n##/)[0] ?? '';

  it.each(Object.entries(FILES))('has the fields of %s, and no others', (file, schema) => {
    const listed = [...sectionOf(file).matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
    expect(listed).toEqual(fieldsOf(schema as Schema));
  });

  it('has every status there is', () => {
    for (const file of ['orders.json', 'invoices.json', 'work_orders.json']) {
      const { status } = (FILES[file] as { shape: { status: { options: string[] } } }).shape;
      for (const word of status.options)
        expect([file, sectionOf(file)]).toEqual([file, expect.stringContaining(`\`${word}\``)]);
    }
  });

  it('has examples that can be imported', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-import-docs-'));
    const examples = [...page.matchAll(/^`(\w+\.json)`:\n\n```json\n([^`]+)```/gm)];
    expect(examples).toHaveLength(3);
    for (const [, file = '', text = ''] of examples) {
      await writeFile(join(folder, file), text);
      const read = await readRows(join(folder, file), FILES[file] as Parameters<typeof readRows>[1]);
      expect([file, read?.problems]).toEqual([file, []]);
    }
    await rm(folder, { recursive: true });
  });
});
