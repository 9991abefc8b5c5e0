import type { NewWorkOrder, WorkOrder } from '../domain/work-order.js';

/** Jobs for technicians. */
export abstract class WorkOrders {
  /** @throws AppError `WORK_ORDER.NOT_FOUND` */
  abstract get(number: string): Promise<WorkOrder>;

  /** Assigned when it names a technician, else open. @throws AppError `TECHNICIAN.NOT_FOUND`, `IDEMPOTENCY.KEY_REUSED` */
  abstract create(workOrder: NewWorkOrder, idempotencyKey: string): Promise<WorkOrder>;
}
