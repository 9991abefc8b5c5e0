export const WORK_ORDER_STATUSES = [
  'open',
  'assigned',
  'accepted',
  'en_route',
  'on_site',
  'done',
  'cancelled',
] as const;
export type WorkOrderStatus = (typeof WORK_ORDER_STATUSES)[number];

/** A job for a technician; `technicianId` is empty while nobody has it. */
export interface WorkOrder {
  number: string;
  title: string;
  site: string;
  technicianId: string;
  status: WorkOrderStatus;
  scheduledAt: Date;
  priority: string;
}

/** A job that is to be made: it gets its number, and its status follows from whether somebody has it. */
export type NewWorkOrder = Omit<WorkOrder, 'number' | 'status'>;

export interface Technician {
  id: string;
  name: string;
  phone: string;
  skills: string[];
}
