import { orderView } from './order-view.js';

const now = new Date('2026-11-22T15:00:00Z');
const shipment = (status: number | string, due?: string, delivered?: string): Record<string, unknown> => ({
  status,
  estimatedDelivery: due === undefined ? undefined : new Date(due),
  deliveredAt: delivered,
});

describe('order view', () => {
  it('arrives with the last parcel that has not been delivered', () => {
    const shipments = [
      shipment(5, '2026-11-25T09:00:00Z', '2026-11-20T10:00:00Z'),
      shipment(3, '2026-11-23T09:00:00Z'),
      shipment(3, '2026-11-24T09:00:00Z'),
    ];
    const view = orderView({ number: '1', status: 4, shipments }, now);
    expect(view).toMatchObject({ status: 'shipped', arrives: '2026-11-24T09:00:00.000Z', late: false, shipped: true });
  });

  it('is late as soon as the promised instant has come', () => {
    const due = (at: string): boolean => orderView({ status: 4, shipments: [shipment(3, at)] }, now).late;
    expect([due('2026-11-22T14:59:59Z'), due('2026-11-22T15:00:00Z'), due('2026-11-22T15:00:01Z')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([6, 7, 8])('promises nothing for a closed order (status %p)', (status) => {
    const view = orderView({ status, shipments: [shipment(3, '2026-11-20T09:00:00Z')] }, now);
    expect(view).toMatchObject({ late: false, open: false, cancellable: false });
    expect(view.arrives).toBeUndefined();
  });

  it('reads numbers, names and words of a status', () => {
    const word = (status: unknown): string => orderView({ status }, now).status;
    expect([word(5), word('ORDER_STATUS_OUT_FOR_DELIVERY'), word('out_for_delivery'), word('odd'), word(99)]).toEqual([
      'out_for_delivery',
      'out_for_delivery',
      'out_for_delivery',
      'unspecified',
      'unspecified',
    ]);
  });

  it('can be cancelled only when the ERP says so and it has not been sent', () => {
    const can = (status: number, cancellable: boolean): boolean => orderView({ status, cancellable }, now).cancellable;
    expect([can(1, true), can(3, true), can(3, false), can(4, true)]).toEqual([true, true, false, false]);
  });
});
