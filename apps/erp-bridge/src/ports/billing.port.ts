import type { Invoice, InvoiceDocument, PaymentLink, Refund } from '../domain/invoice.js';
import type { Money } from '../domain/money.js';

/** Invoices and payments. Every write is done once per idempotency key, and a repeat gives the same answer. */
export abstract class Billing {
  /** @throws AppError `INVOICE.NOT_FOUND`, also for an invoice of anybody else than `customerIds` */
  abstract invoice(number: string, customerIds: readonly string[]): Promise<Invoice>;

  /** The invoice as a document to send. @throws AppError `INVOICE.NOT_FOUND`; `CONNECTOR.UNSUPPORTED` where there are none */
  abstract invoicePdf(number: string, customerIds: readonly string[]): Promise<InvoiceDocument>;

  /** @throws AppError `ORDER.NOT_FOUND`, `ORDER.NO_TOTAL`, `IDEMPOTENCY.KEY_REUSED` */
  abstract createInvoice(orderNumber: string, idempotencyKey: string): Promise<Invoice>;

  /** @throws AppError `INVOICE.NOT_FOUND`, `INVOICE.NOT_PAYABLE`, `PAYMENT.NOT_CONFIGURED`, `IDEMPOTENCY.KEY_REUSED` */
  abstract createPaymentLink(invoiceNumber: string, idempotencyKey: string): Promise<PaymentLink>;

  /** Without an amount, all that is left. @throws AppError `ORDER.NOT_FOUND`, `ORDER.NO_TOTAL`, `REFUND.TOO_MUCH`, `IDEMPOTENCY.KEY_REUSED` */
  abstract refund(orderNumber: string, amount: Money | undefined, idempotencyKey: string): Promise<Refund>;
}
