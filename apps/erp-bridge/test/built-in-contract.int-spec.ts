import { describeBilling } from '../src/ports/billing.port.contract.js';
import { describeConnector } from '../src/ports/connector.port.contract.js';
import { describeOrders } from '../src/ports/orders.port.contract.js';
import { describeRecords } from '../src/ports/records.port.contract.js';
import { describeStock } from '../src/ports/stock.port.contract.js';
import type { MakeSubject } from '../src/ports/subject.contract.js';
import { describeWorkOrders } from '../src/ports/work-orders.port.contract.js';
import { ErpUnderTest } from './subject.js';

let erp: ErpUnderTest;
beforeAll(async () => {
  erp = await ErpUnderTest.start();
}, 60_000);
afterAll(() => erp.close());

const make: MakeSubject = (clock) => erp.empty(clock);

describeOrders('built-in', make);
describeStock('built-in', make);
describeBilling('built-in', make);
describeWorkOrders('built-in', make);
describeRecords('built-in', make);
describeConnector('built-in', make);
