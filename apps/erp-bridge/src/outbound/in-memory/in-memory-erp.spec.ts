import { describeBilling } from '../../ports/billing.port.contract.js';
import { describeConnector } from '../../ports/connector.port.contract.js';
import { describeOrders } from '../../ports/orders.port.contract.js';
import { describeRecords } from '../../ports/records.port.contract.js';
import { describeStock } from '../../ports/stock.port.contract.js';
import type { MakeSubject } from '../../ports/subject.contract.js';
import { describeWorkOrders } from '../../ports/work-orders.port.contract.js';
import { inMemoryErp } from './in-memory-erp.js';

const make: MakeSubject = async (clock) => {
  const erp = inMemoryErp(() => clock.now(), 'https://pay.example.com/p');
  return { ...erp, facts: async () => erp.facts };
};

describeOrders('in-memory', make);
describeStock('in-memory', make);
describeBilling('in-memory', make);
describeWorkOrders('in-memory', make);
describeRecords('in-memory', make);
describeConnector('in-memory', make);
