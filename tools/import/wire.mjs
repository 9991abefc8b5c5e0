// Rows of the files as messages of the services' contracts.
import { crm, erp } from '@parley/contracts';

const at = (text) => (text === undefined ? undefined : new Date(text));
const money = ({ amount, currency }) => ({ amount, currency });

export const toCustomer = (row) =>
  crm.Customer.fromPartial({
    id: row.id,
    name: row.name,
    phone: row.phone,
    whatsappUserId: row.whatsapp_user_id,
    email: row.email,
    language: row.language,
    timeZone: row.time_zone,
    tier: row.tier,
    tags: row.tags ?? [],
    notes: (row.notes ?? []).map((note) => ({ at: at(note.at), text: note.text })),
    lifetimeValue: row.lifetime_value && money(row.lifetime_value),
  });

export const toProduct = (row) =>
  erp.Product.fromPartial({
    sku: row.sku,
    name: row.name,
    productLine: row.product_line,
    price: money(row.price),
    stock: row.stock,
  });

const toShipment = (row) => ({
  carrier: row.carrier,
  trackingNumber: row.tracking_number,
  trackingUrl: row.tracking_url,
  status: erp.ShipmentStatus[row.status.toUpperCase()],
  estimatedDelivery: at(row.estimated_delivery),
  deliveredAt: at(row.delivered_at),
});

export const toOrder = (row) =>
  erp.Order.fromPartial({
    number: row.number,
    customerId: row.customer_id,
    placedAt: at(row.placed_at),
    status: erp.OrderStatus[row.status.toUpperCase()],
    lines: row.lines.map((line) => ({ sku: line.sku, quantity: line.quantity, unitPrice: money(line.unit_price) })),
    shipments: (row.shipments ?? []).map(toShipment),
  });

export const toInvoice = (row) =>
  erp.Invoice.fromPartial({
    number: row.number,
    orderNumber: row.order_number,
    customerId: row.customer_id,
    total: money(row.total),
    status: row.status,
    dueOn: row.due_on,
  });

export const toTechnician = (row) =>
  erp.Technician.fromPartial({ id: row.id, name: row.name, phone: row.phone, skills: row.skills ?? [] });

export const toWorkOrder = (row) =>
  erp.WorkOrder.fromPartial({
    number: row.number,
    title: row.title,
    site: row.site,
    technicianId: row.technician_id,
    status: row.status,
    scheduledAt: at(row.scheduled_at),
    priority: row.priority,
  });
