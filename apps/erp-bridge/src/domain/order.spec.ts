import { isCancellable, isOpen, ORDER_STATUSES, type Shipment } from './order.js';

const shipment = (status: Shipment['status']): Shipment => ({
  carrier: 'c',
  trackingNumber: 't',
  trackingUrl: '',
  status,
});

describe('order', () => {
  it('can be cancelled until something has been shipped', () => {
    const cancellable = ORDER_STATUSES.filter((status) => isCancellable({ status, shipments: [] }));
    expect(cancellable).toEqual(['placed', 'confirmed', 'processing']);
    expect(isCancellable({ status: 'processing', shipments: [shipment('label')] })).toBe(true);
    expect(isCancellable({ status: 'processing', shipments: [shipment('label'), shipment('in_transit')] })).toBe(false);
  });

  it('is open until it is delivered, cancelled or returned', () => {
    expect(ORDER_STATUSES.filter((status) => !isOpen({ status }))).toEqual(['delivered', 'cancelled', 'returned']);
  });
});
