import fc from 'fast-check';
import { buildEnvelope, type WebhookItem } from './webhook-envelope.js';

const business = { accountId: '77', numbers: new Map([['1', '15550001'], ['2', '15550002']]) }; // prettier-ignore

interface Envelope {
  object: string;
  entry: { id: string; time?: number; changes: { field: string; value: Record<string, unknown> }[] }[];
}

const build = (items: WebhookItem[]): Envelope => buildEnvelope(items, business) as unknown as Envelope;
const idsIn = (envelope: Envelope): unknown[] =>
  envelope.entry.flatMap(({ changes }) =>
    changes.flatMap(({ value }) =>
      [
        ...((value['messages'] as object[]) ?? []),
        ...((value['statuses'] as object[]) ?? []),
        ...(value['mark'] ? [{ id: value['mark'] }] : []),
      ].map((item) => (item as { id: unknown }).id),
    ),
  );

const item: fc.Arbitrary<(id: string) => WebhookItem> = fc
  .record({
    kind: fc.constantFrom('message', 'status', 'change'),
    numberId: fc.constantFrom('1', '2'),
    user: fc.constantFrom('US.1', 'US.2'),
  })
  .map(({ kind, numberId, user }) => (id: string): WebhookItem => {
    const base = { lane: user, label: id };
    if (kind === 'message') return { ...base, kind, numberId, contact: { user_id: user }, content: { id } };
    if (kind === 'status') return { ...base, kind, numberId, content: { id } };
    return { ...base, kind: 'change', field: 'security', value: { mark: id }, time: 5 };
  });

describe('webhook envelope', () => {
  it('holds one message the way Meta writes it', () => {
    const contact = { profile: { name: 'Ada' }, user_id: 'DE.1' };
    const message = { from_user_id: 'DE.1', id: 'wamid.1', type: 'text', text: { body: 'Hi' } };
    expect(build([{ kind: 'message', lane: 'a', label: 'wamid.1', numberId: '1', contact, content: message }])).toEqual(
      {
        object: 'whatsapp_business_account',
        entry: [
          {
            id: '77',
            changes: [
              {
                field: 'messages',
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: '15550001', phone_number_id: '1' },
                  contacts: [contact],
                  messages: [message],
                },
              },
            ],
          },
        ],
      },
    );
  });

  it('loses, repeats and invents nothing, whatever is batched', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), (makers) => {
        const items = makers.map((make, index) => make(`id${index}`));
        expect(idsIn(build(items)).toSorted()).toEqual(items.map(({ label }) => label).toSorted());
      }),
    );
  });

  it('keeps numbers apart and names each contact once', () => {
    const message = (id: string, numberId: string): WebhookItem => ({
      kind: 'message', lane: 'a', label: id, numberId, contact: { user_id: 'US.1' }, content: { id },
    }); // prettier-ignore
    const [entry] = build([message('a', '1'), message('b', '1'), message('c', '2')]).entry;
    expect(entry?.changes.map(({ value }) => [(value['contacts'] as unknown[]).length, (value['messages'] as unknown[]).length])).toEqual([[1, 2], [1, 1]]); // prettier-ignore
  });
});
