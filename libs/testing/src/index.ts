export { eventually, type EventuallyOptions } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { freePort } from './free-port.js';
export { oldMarksGone, plantOldMarks } from './old-marks.js';
export { TestAuthority, type TestCertificate, type TestSubject } from './test-authority.js';
export { testDatabase, type TestDatabase } from './test-database.js';
export { testMasterKey } from './test-master-key.js';
