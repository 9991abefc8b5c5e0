import { describeActivities } from '../src/ports/activities.port.contract.js';
import { describeChanges } from '../src/ports/changes.port.contract.js';
import { describeConnector } from '../src/ports/connector.port.contract.js';
import { describeConversations } from '../src/ports/conversations.port.contract.js';
import { describeCustomers } from '../src/ports/customers.port.contract.js';
import { describeErasure } from '../src/ports/erasure.port.contract.js';
import { describeJournal } from '../src/ports/journal.port.contract.js';
import type { MakeSubject } from '../src/ports/subject.contract.js';
import { describeWork } from '../src/ports/work.port.contract.js';
import { CrmUnderTest } from './subject.js';

let crm: CrmUnderTest;
beforeAll(async () => {
  crm = await CrmUnderTest.start();
}, 60_000);
afterAll(() => crm.close());

const make: MakeSubject = (clock) => crm.empty(clock);

describeCustomers('built-in', make);
describeConversations('built-in', make);
describeWork('built-in', make);
describeJournal('built-in', make);
describeErasure('built-in', make);
describeActivities('built-in', make);
describeChanges('built-in', make);
describeConnector('built-in', make);
