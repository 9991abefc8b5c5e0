import { isLoopback } from './index.js';

describe('a host', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]', '', '/run/postgresql', 'a.localhost'])(
    'is this machine as "%s"',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(['kafka', '10.0.0.1', '0.0.0.0', '127.0.0.1.example.com', 'localhost.example.com', '::2', '1127.0.0.1'])(
    'is another one as "%s"',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
