import { X509Certificate } from 'node:crypto';
import { createServer, connect } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { TestAuthority } from './test-authority.js';

describe('a test authority', () => {
  const authority = new TestAuthority('Somebody');
  const { cert, key } = authority.issue({ commonName: 'a-service', addresses: ['127.0.0.1'] });

  it('signs certificates that name whom they are for', () => {
    const [theirs, ours] = [new X509Certificate(authority.cert), new X509Certificate(cert)];
    expect([theirs.ca, ours.ca]).toEqual([true, false]);
    expect(ours.checkIssued(theirs) && ours.verify(theirs.publicKey)).toBe(true);
    expect(ours.subjectAltName).toBe('DNS:a-service, IP Address:127.0.0.1');
    expect(ours.checkHost('a-service')).toBe('a-service');
    expect(new X509Certificate(new TestAuthority('Else').cert).verify(theirs.publicKey)).toBe(false);
  });

  it('is believed by TLS, and by nobody who does not know it', async () => {
    const server = createServer({ cert, key }, (socket) => socket.on('error', () => undefined).end()).listen(
      0,
      '127.0.0.1',
    );
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const known = connect({ port, host: '127.0.0.1', ca: authority.cert });
    await once(known, 'secureConnect');
    known.destroy();
    await expect(once(connect({ port, host: '127.0.0.1' }), 'secureConnect')).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    server.close();
  });
});
