import { unsupported } from '../../domain/capabilities.js';
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
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryBilling extends Billing {
  constructor(
    private readonly state: InMemoryState,
    private readonly paymentPage?: string,
  ) {
    super();
  }

  async invoice(number: string, customerIds: readonly string[]): Promise<Invoice> {
    const invoice = this.state.invoices.get(orderKey(number));
    if (!invoice || !customerIds.includes(invoice.customerId)) throw invoiceNotFound();
    return { ...invoice };
  }

  /** Nothing here prints; a connector to an ERP that does has more to give. */
  async invoicePdf(number: string, customerIds: readonly string[]): Promise<InvoiceDocument> {
    await this.invoice(number, customerIds);
    throw unsupported('getInvoicePdf');
  }

  async createInvoice(orderNumber: string, idempotencyKey: string): Promise<Invoice> {
    return this.state.once('createInvoice', idempotencyKey, { orderNumber }, () => {
      const { order, total } = this.#priced(orderNumber);
      const { number, customerId } = order;
      const dueOn = dueDate(this.state.now());
      const invoice: Invoice = {
        number: this.state.next('INV'),
        orderNumber: number,
        customerId,
        total,
        status: 'open',
        dueOn,
      };
      this.state.invoices.set(orderKey(invoice.number), invoice);
      return { ...invoice };
    });
  }

  async createPaymentLink(invoiceNumber: string, idempotencyKey: string): Promise<PaymentLink> {
    return this.state.once('createPaymentLink', idempotencyKey, { invoiceNumber }, () => {
      const invoice = this.state.invoices.get(orderKey(invoiceNumber));
      if (!invoice) throw invoiceNotFound();
      if (!isPayable(invoice)) throw invoiceNotPayable(invoice.status);
      if (this.paymentPage === undefined) throw paymentsNotConfigured();
      const expiresAt = new Date(this.state.now().getTime() + PAYMENT_LINK_MS);
      return { url: `${this.paymentPage}/${this.state.next('pay')}`, expiresAt };
    });
  }

  async refund(orderNumber: string, amount: Money | undefined, idempotencyKey: string): Promise<Refund> {
    return this.state.once('refund', idempotencyKey, { orderNumber, amount }, () => {
      const { order, total } = this.#priced(orderNumber);
      const key = orderKey(order.number);
      const before = this.state.refunds.filter((refund) => refund.orderKey === key);
      const given = refundAmount(
        total,
        before.map((refund) => refund.amount),
        amount,
      );
      this.state.refunds.push({ orderKey: key, amount: given });
      return { refundId: this.state.next('REF'), amount: given };
    });
  }

  #priced(orderNumber: string): { order: Order; total: Money } {
    const order = this.state.orders.get(orderKey(orderNumber));
    if (!order) throw orderNotFound();
    const total = totalOf(order);
    if (!total) throw orderWithoutTotal();
    return { order, total };
  }
}
