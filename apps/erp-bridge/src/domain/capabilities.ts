import { connectorError, type AppError, type Capability } from '@parley/errors';

/** Everything an ERP may be asked for, in the words of the ports. */
export const OPERATIONS = [
  ...['findCustomer', 'getOrder', 'listOrders', 'cancelOrder', 'getShipments', 'requestReturn', 'getStock'],
  ...['reserveStock', 'releaseReservation', 'confirmReservation', 'createInvoice', 'getInvoice', 'getInvoicePdf'],
  ...['createPaymentLink', 'refund', 'createWorkOrder', 'getWorkOrder', 'importRecords'],
] as const;

/** How a connector does each operation. */
export type Capabilities = Readonly<Record<string, Capability>>;

/** Thrown when the system behind the bridge has nothing like it. */
export const unsupported = (operation: string): AppError =>
  connectorError({ kind: 'unsupported', operation }, `The ERP behind this bridge cannot do ${operation}.`);
