import { describeLedger } from '../../ports/ledger.port.contract.js';
import { InMemoryLedger } from './in-memory-ledger.js';
import { InMemoryPersons } from './in-memory-persons.js';

const ledger = new InMemoryLedger();

describeLedger('InMemoryLedger', () => ({
  ledger,
  persons: new InMemoryPersons(),
  announced: () => Promise.resolve(ledger.announced),
}));
