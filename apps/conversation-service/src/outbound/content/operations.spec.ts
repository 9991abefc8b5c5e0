import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { erp } from '@parley/contracts';
import { OPERATIONS, type ArgumentType } from '../../domain/operations.js';
import { ORDER_WORDS, SHIPMENT_WORDS } from '../../domain/order-view.js';

const protos = join(import.meta.dirname, '../../../../../proto');

/** Fields of a message, as its proto says. */
function fieldsOf(message: string): Map<string, ArgumentType | 'message'> {
  const [, domain = '', version = '', name = ''] = message.split('.');
  const files = ['erp.proto', 'erp_service.proto', 'crm.proto', 'crm_service.proto', 'consent_service.proto'];
  const source = files
    .map((file) => join(protos, 'parley', domain, version, file))
    .map((path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
  const body = new RegExp(`message ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? '';
  const types: Record<string, ArgumentType> = { string: 'string', bool: 'boolean', int32: 'number' };
  return new Map(
    [...body.matchAll(/^\s*(repeated |optional )?([\w.]+) (\w+) = \d+;/gm)].map(([, label, type = '', field = '']) => {
      const camel = field.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
      return [camel, label === 'repeated ' ? 'string[]' : (types[type] ?? 'message')] as const;
    }),
  );
}

describe('operations', () => {
  it.each(Object.entries(OPERATIONS))('%s has the arguments of its contract', (_name, { request, required, optional, filled }) => {
    const fields = fieldsOf(request);
    const { due: _due, ...given } = { ...required, ...optional };
    for (const [name, type] of Object.entries(given)) expect([name, fields.get(name)]).toEqual([name, type]);
    for (const name of filled) expect([...fields.keys()]).toContain(name);
  });

  it('have an argument for every field that a flow may set', () => {
    const fields = [...fieldsOf(OPERATIONS['erp.cancelOrder']!.request).keys()].sort();
    expect(fields).toEqual(['customerIds', 'idempotencyKey', 'number', 'reason']);
  });

  it('read the states of an order as the contract numbers them', () => {
    const names = (of: object): string[] =>
      Object.entries(of)
        .filter(([, value]) => typeof value === 'number' && value >= 0)
        .map(([key]) => key.toLowerCase());
    expect(names(erp.OrderStatus)).toEqual([...ORDER_WORDS]);
    expect(names(erp.ShipmentStatus)).toEqual([...SHIPMENT_WORDS]);
  });
});
