import { workOrderFact } from '../../domain/business-event.js';
import { technicianNotFound, workOrderNotFound } from '../../domain/errors.js';
import { orderKey } from '../../domain/order-number.js';
import type { NewWorkOrder, WorkOrder } from '../../domain/work-order.js';
import { WorkOrders } from '../../ports/work-orders.port.js';
import type { InMemoryState } from './in-memory-state.js';

export class InMemoryWorkOrders extends WorkOrders {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async get(number: string): Promise<WorkOrder> {
    const workOrder = this.state.workOrders.get(orderKey(number));
    if (!workOrder) throw workOrderNotFound();
    return { ...workOrder };
  }

  async create(wanted: NewWorkOrder, idempotencyKey: string): Promise<WorkOrder> {
    return this.state.once('createWorkOrder', idempotencyKey, wanted, () => {
      const { technicianId } = wanted;
      if (technicianId !== '' && !this.state.technicians.has(technicianId)) throw technicianNotFound();
      const number = this.state.next('WO');
      const workOrder: WorkOrder = { ...wanted, number, status: technicianId === '' ? 'open' : 'assigned' };
      this.state.workOrders.set(orderKey(number), workOrder);
      this.state.facts.push(...workOrderFact(workOrder));
      return { ...workOrder };
    });
  }
}
