import { describeTrail } from '../../ports/trail.port.contract.js';
import { InMemoryTrail } from './in-memory-trail.js';

const trail = new InMemoryTrail();

describeTrail('InMemoryTrail', () => trail);
