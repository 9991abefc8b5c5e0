import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { erp } from '@parley/contracts';
import { checkBatch, checkHold, checkQuantities, listLimit } from '../domain/requests.js';
import { Billing } from '../ports/billing.port.js';
import { Connector } from '../ports/connector.port.js';
import { Orders } from '../ports/orders.port.js';
import { Stock } from '../ports/stock.port.js';
import { WorkOrders } from '../ports/work-orders.port.js';
import { ImportRecords } from '../usecases/import-records.js';
import { fromRecords, newWorkOrder, optionalMoney, toOrder } from './wire.js';

const SERVICE = 'ErpService';

/** `parley.erp.v1.ErpService`. */
@Controller()
export class ErpGrpc {
  constructor(
    private readonly orders: Orders,
    private readonly stock: Stock,
    private readonly billing: Billing,
    private readonly workOrders: WorkOrders,
    private readonly connector: Connector,
    private readonly importing: ImportRecords,
  ) {}

  @GrpcMethod(SERVICE, 'getOrders')
  async getOrders({ queries }: erp.GetOrdersRequest): Promise<erp.GetOrdersResponse> {
    checkBatch('queries', queries);
    const found = await this.orders.find(queries);
    return { results: found.map((order) => ({ order: order && toOrder(order) })) };
  }

  @GrpcMethod(SERVICE, 'listOrders')
  async listOrders({ customerId, open, limit }: erp.ListOrdersRequest): Promise<erp.ListOrdersResponse> {
    const orders = await this.orders.list(customerId, { open, limit: listLimit(limit) });
    return { orders: orders.map(toOrder) };
  }

  @GrpcMethod(SERVICE, 'cancelOrder')
  async cancelOrder(request: erp.CancelOrderRequest): Promise<erp.CancelOrderResponse> {
    return { order: toOrder(await this.orders.cancel(request)) };
  }

  @GrpcMethod(SERVICE, 'requestReturn')
  async requestReturn(request: erp.RequestReturnRequest): Promise<erp.RequestReturnResponse> {
    checkQuantities(request.lines);
    const { orderNumber: number, customerIds, lines, reason, idempotencyKey } = request;
    return { returnId: await this.orders.requestReturn({ number, customerIds, lines, reason, idempotencyKey }) };
  }

  @GrpcMethod(SERVICE, 'getStock')
  async getStock({ skus }: erp.GetStockRequest): Promise<erp.GetStockResponse> {
    checkBatch('skus', skus);
    return { stock: await this.stock.levels(skus) };
  }

  @GrpcMethod(SERVICE, 'reserveStock')
  async reserveStock(request: erp.ReserveStockRequest): Promise<erp.ReserveStockResponse> {
    checkHold(request.lines, request.ttlSeconds);
    return this.stock.reserve(request);
  }

  @GrpcMethod(SERVICE, 'releaseReservation')
  async releaseReservation(request: erp.ReleaseReservationRequest): Promise<erp.ReleaseReservationResponse> {
    return { released: await this.stock.release(request.reservationId, request.idempotencyKey) };
  }

  @GrpcMethod(SERVICE, 'confirmReservation')
  async confirmReservation(request: erp.ConfirmReservationRequest): Promise<erp.ConfirmReservationResponse> {
    return { order: toOrder(await this.stock.confirm(request.reservationId, request.idempotencyKey)) };
  }

  @GrpcMethod(SERVICE, 'createInvoice')
  async createInvoice(request: erp.CreateInvoiceRequest): Promise<erp.CreateInvoiceResponse> {
    return { invoice: await this.billing.createInvoice(request.orderNumber, request.idempotencyKey) };
  }

  @GrpcMethod(SERVICE, 'getInvoice')
  async getInvoice({ number, customerIds }: erp.GetInvoiceRequest): Promise<erp.GetInvoiceResponse> {
    return { invoice: await this.billing.invoice(number, customerIds) };
  }

  @GrpcMethod(SERVICE, 'getInvoicePdf')
  async getInvoicePdf({ number, customerIds }: erp.GetInvoicePdfRequest): Promise<erp.GetInvoicePdfResponse> {
    const { content, ...about } = await this.billing.invoicePdf(number, customerIds);
    return { ...about, content: Buffer.from(content) };
  }

  @GrpcMethod(SERVICE, 'findCustomer')
  async findCustomer(request: erp.FindCustomerRequest): Promise<erp.FindCustomerResponse> {
    return { customerIds: await this.connector.findCustomer(request) };
  }

  @GrpcMethod(SERVICE, 'getCapabilities')
  getCapabilities(): erp.GetCapabilitiesResponse {
    return { operations: this.connector.capabilities() };
  }

  @GrpcMethod(SERVICE, 'createPaymentLink')
  async createPaymentLink(request: erp.CreatePaymentLinkRequest): Promise<erp.CreatePaymentLinkResponse> {
    return this.billing.createPaymentLink(request.invoiceNumber, request.idempotencyKey);
  }

  @GrpcMethod(SERVICE, 'refund')
  async refund({ orderNumber, amount, idempotencyKey }: erp.RefundRequest): Promise<erp.RefundResponse> {
    return this.billing.refund(orderNumber, optionalMoney('amount', amount), idempotencyKey);
  }

  @GrpcMethod(SERVICE, 'createWorkOrder')
  async createWorkOrder(request: erp.CreateWorkOrderRequest): Promise<erp.CreateWorkOrderResponse> {
    return { workOrder: await this.workOrders.create(newWorkOrder(request.workOrder), request.idempotencyKey) };
  }

  @GrpcMethod(SERVICE, 'getWorkOrder')
  async getWorkOrder({ number }: erp.GetWorkOrderRequest): Promise<erp.GetWorkOrderResponse> {
    return { workOrder: await this.workOrders.get(number) };
  }

  @GrpcMethod(SERVICE, 'importRecords')
  async importRecords(request: erp.ImportRecordsRequest): Promise<erp.ImportRecordsResponse> {
    return this.importing.run(fromRecords(request));
  }
}
