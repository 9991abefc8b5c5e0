import { FakeClock } from '@parley/testing';
import { noRecords } from '../domain/records.js';
import { START, type MakeSubject, type Subject } from './subject.contract.js';

const technician = { id: 't1', name: 'Grace', phone: '+12125550151', skills: [] };
const wanted = {
  title: 'Repair',
  site: 'Berlin',
  technicianId: '',
  scheduledAt: new Date('2026-11-25T08:00:00Z'),
  priority: 'high',
};

/** What every adapter of `WorkOrders` keeps. */
export function describeWorkOrders(name: string, make: MakeSubject): void {
  const staffed = async (): Promise<Subject> => {
    const subject = await make(new FakeClock(START));
    await subject.records.write({ ...noRecords(), technicians: [technician] });
    return subject;
  };

  describe(`${name} work orders`, () => {
    it('makes a job once per key and finds it', async () => {
      const { workOrders, facts } = await staffed();
      const made = await workOrders.create(wanted, 'k1');
      expect(made).toMatchObject({ ...wanted, status: 'open' });
      expect(await workOrders.create(wanted, 'k1')).toEqual(made);
      expect(await workOrders.get(made.number)).toEqual(made);
      expect(await facts()).toEqual([]);
    });

    it('assigns a job that names a technician, and says so', async () => {
      const { workOrders, facts } = await staffed();
      const made = await workOrders.create({ ...wanted, technicianId: 't1' }, 'k1');
      expect(made.status).toBe('assigned');
      expect(await facts()).toEqual([{ kind: 'work_order_assigned', customerId: '', number: made.number }]);
    });

    it('knows neither unknown technicians nor unknown jobs', async () => {
      const { workOrders } = await staffed();
      const unknown = workOrders.create({ ...wanted, technicianId: 't2' }, 'k1');
      await expect(unknown).rejects.toMatchObject({ reason: 'TECHNICIAN.NOT_FOUND' });
      await expect(workOrders.get('WO-1')).rejects.toMatchObject({ code: 'NOT_FOUND', reason: 'WORK_ORDER.NOT_FOUND' });
    });
  });
}
