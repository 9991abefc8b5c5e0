import type { Database } from '@parley/postgres';
import { workOrderFact } from '../../domain/business-event.js';
import { technicianNotFound, workOrderNotFound } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import type { NewWorkOrder, WorkOrder } from '../../domain/work-order.js';
import { WorkOrders } from '../../ports/work-orders.port.js';
import { nextNumber, type Writes } from './writes.js';

const GET = `select number, title, site, coalesce(technician_id, '') as "technicianId", status,
  scheduled_at as "scheduledAt", priority from work_orders where number_key = $1`;

const ADD = `insert into work_orders (number_key, number, title, site, technician_id, status, scheduled_at, priority)
  values ($1, $1, $2, $3, nullif($4, ''), $5, $6, $7)`;

/** Jobs for technicians in Postgres. */
export class BuiltInWorkOrders extends WorkOrders {
  constructor(
    private readonly db: Database,
    private readonly writes: Writes,
  ) {
    super();
  }

  async get(number: string): Promise<WorkOrder> {
    const [workOrder] = await this.db.query<WorkOrder>(GET, [orderKey(number)]);
    if (!workOrder) throw workOrderNotFound();
    return workOrder;
  }

  async create(wanted: NewWorkOrder, idempotencyKey: string): Promise<WorkOrder> {
    const write = { operation: 'createWorkOrder', key: idempotencyKey, request: wanted };
    return this.writes.once(write, async (tx) => {
      const { title, site, technicianId, scheduledAt, priority } = wanted;
      const known = await tx.query('select 1 from technicians where id = $1', [technicianId]);
      if (technicianId !== '' && known.length === 0) throw technicianNotFound();
      const number = await nextNumber(tx, 'WO', 'work_orders');
      const status = technicianId === '' ? 'open' : 'assigned';
      await tx.query(ADD, [number, title, site, technicianId, status, scheduledAt, priority]);
      const answer: WorkOrder = { number, title, site, technicianId, status, scheduledAt, priority };
      return { answer, facts: workOrderFact(answer) };
    });
  }
}
