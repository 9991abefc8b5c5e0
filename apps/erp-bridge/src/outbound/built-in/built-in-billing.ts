import { unsupported } from '../../domain/capabilities.js';
import { randomBytes } from 'node:crypto';
import type { Database, Tx } from '@parley/postgres';
import {
  invoiceNotFound,
  invoiceNotPayable,
  orderNotFound,
  orderWithoutTotal,
  paymentsNotConfigured,
} from '../../domain/errors.js';
import {
  dueDate,
  isPayable,
  PAYMENT_LINK_MS,
  refundAmount,
  type Invoice,
  type InvoiceDocument,
  type PaymentLink,
  type Refund,
} from '../../domain/invoice.js';
import type { Money } from '../../domain/money.js';
import { orderKey } from '../../domain/order-number.js';
import { totalOf, type Order } from '../../domain/order.js';
import { Billing } from '../../ports/billing.port.js';
import { fromRow, ORDER_COLUMNS, type OrderRow } from './order-rows.js';
import { nextNumber, type Writes } from './writes.js';

const INVOICE = `select i.number, coalesce(o.number, '') as "orderNumber", i.customer_id as "customerId",
  json_build_object('amount', i.total_amount::text, 'currency', i.total_currency) as total, i.status, i.due_on as "dueOn"
  from invoices i left join orders o on o.number_key = i.order_key where i.number_key = $1`;

const ADD_INVOICE = `insert into invoices
  (number_key, number, order_key, customer_id, total_amount, total_currency, status, due_on)
  values ($1, $1, $2, $3, $4, $5, 'open', $6)`;

/** Invoices and payments in Postgres. */
export class BuiltInBilling extends Billing {
  constructor(
    private readonly db: Database,
    private readonly writes: Writes,
    /** Address of the page where invoices are paid; a token is appended as the last part of the path. */
    private readonly paymentPage?: string,
  ) {
    super();
  }

  async invoice(number: string, customerIds: readonly string[]): Promise<Invoice> {
    const [invoice] = await this.db.query<Invoice>(INVOICE, [orderKey(number)]);
    if (!invoice || !customerIds.includes(invoice.customerId)) throw invoiceNotFound();
    return invoice;
  }

  /** Nothing here prints; a connector to an ERP that does has more to give. */
  async invoicePdf(number: string, customerIds: readonly string[]): Promise<InvoiceDocument> {
    await this.invoice(number, customerIds);
    throw unsupported('getInvoicePdf');
  }

  async createInvoice(orderNumber: string, idempotencyKey: string): Promise<Invoice> {
    const write = { operation: 'createInvoice', key: idempotencyKey, request: { orderNumber } };
    return this.writes.once(write, async (tx) => {
      const { order, total } = await this.#priced(tx, orderNumber);
      const number = await nextNumber(tx, 'INV', 'invoices');
      const dueOn = dueDate(this.writes.now());
      const { customerId } = order;
      await tx.query(ADD_INVOICE, [number, orderKey(order.number), customerId, total.amount, total.currency, dueOn]);
      const answer: Invoice = { number, orderNumber: order.number, customerId, total, status: 'open', dueOn };
      return { answer, facts: [] };
    });
  }

  async createPaymentLink(invoiceNumber: string, idempotencyKey: string): Promise<PaymentLink> {
    const write = { operation: 'createPaymentLink', key: idempotencyKey, request: { invoiceNumber } };
    return this.writes.once(write, async (tx) => {
      const [invoice] = await tx.query<Invoice>(INVOICE, [orderKey(invoiceNumber)]);
      if (!invoice) throw invoiceNotFound();
      if (!isPayable(invoice)) throw invoiceNotPayable(invoice.status);
      if (this.paymentPage === undefined) throw paymentsNotConfigured();
      const token = randomBytes(24).toString('base64url');
      const expiresAt = new Date(this.writes.now().getTime() + PAYMENT_LINK_MS);
      const sql = 'insert into payment_links (token, invoice_key, expires_at) values ($1, $2, $3)';
      await tx.query(sql, [token, orderKey(invoice.number), expiresAt]);
      return { answer: { url: `${this.paymentPage.replace(/\/$/, '')}/${token}`, expiresAt }, facts: [] };
    });
  }

  async refund(orderNumber: string, amount: Money | undefined, idempotencyKey: string): Promise<Refund> {
    const write = { operation: 'refund', key: idempotencyKey, request: { orderNumber, amount } };
    return this.writes.once(write, async (tx) => {
      const { order, total } = await this.#priced(tx, orderNumber);
      const key = orderKey(order.number);
      const before = await tx.query<Money>('select amount, currency from refunds where number_key = $1', [key]);
      const given = refundAmount(total, before, amount);
      const refundId = await nextNumber(tx, 'REF', 'orders');
      const sql = 'insert into refunds (id, number_key, amount, currency, created_at) values ($1, $2, $3, $4, $5)';
      await tx.query(sql, [refundId, key, given.amount, given.currency, this.writes.now()]);
      return { answer: { refundId, amount: given }, facts: [] };
    });
  }

  /** Locks the order, so that two refunds are counted one after the other. */
  async #priced(tx: Tx, orderNumber: string): Promise<{ order: Order; total: Money }> {
    const sql = `select ${ORDER_COLUMNS} from orders o where o.number_key = $1 for update of o`;
    const [row] = await tx.query<OrderRow>(sql, [orderKey(orderNumber)]);
    if (!row) throw orderNotFound();
    const order = fromRow(row, this.writes.now());
    const total = totalOf(order);
    if (!total) throw orderWithoutTotal();
    return { order, total };
  }
}
