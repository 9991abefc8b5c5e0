import { describeActivities } from '../../ports/activities.port.contract.js';
import { describeChanges } from '../../ports/changes.port.contract.js';
import { describeConnector } from '../../ports/connector.port.contract.js';
import { describeConversations } from '../../ports/conversations.port.contract.js';
import { describeCustomers } from '../../ports/customers.port.contract.js';
import { describeErasure } from '../../ports/erasure.port.contract.js';
import { describeJournal } from '../../ports/journal.port.contract.js';
import type { MakeSubject } from '../../ports/subject.contract.js';
import { describeWork } from '../../ports/work.port.contract.js';
import { inMemoryCrm } from './in-memory-crm.js';

const make: MakeSubject = async (clock) => inMemoryCrm(() => clock.now());

describeCustomers('in-memory', make);
describeConversations('in-memory', make);
describeWork('in-memory', make);
describeJournal('in-memory', make);
describeErasure('in-memory', make);
describeActivities('in-memory', make);
describeChanges('in-memory', make);
describeConnector('in-memory', make);
