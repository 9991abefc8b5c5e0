import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit, consent } from '@parley/contracts';
import { grpcClient, GrpcTls } from '@parley/grpc';
import { eventually, TestAuthority } from '@parley/testing';
import { command } from '../src/command.js';
import { Phone } from '../src/phone.js';
import { System } from '../src/system.js';

const MAYA = '+12125550101';
/** Under one launcher all services have one environment, so here they share a certificate. */
const NAMES = [
  ...['gateway', 'conversation-service', 'intent-service', 'crm-bridge', 'erp-bridge', 'consent-service'],
  ...['audit-service', 'desk', 'parley-operator'],
];

describe('a whole system with certificates between its services', () => {
  let folder: string;
  let system: System;
  const authority = new TestAuthority();
  const path = (name: string): string => join(folder, name);

  async function certificate(name: string, dnsNames: readonly string[]): Promise<{ cert: string; key: string }> {
    const { cert, key } = authority.issue({ commonName: name, dnsNames });
    await writeFile(path(`${name}.crt`), cert);
    await writeFile(path(`${name}.key`), key);
    return { cert: path(`${name}.crt`), key: path(`${name}.key`) };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-e2e-tls-'));
    await writeFile(path('ca.crt'), authority.cert);
    const { cert, key } = await certificate('parley', NAMES);
    system = await System.start({
      GRPC_TLS_CA_FILE: path('ca.crt'),
      GRPC_TLS_CERT_FILE: cert,
      GRPC_TLS_KEY_FILE: key,
    });
  }, 240_000);
  afterAll(async () => {
    await system?.dispose();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('answers a customer with the order from the ERP, and takes a STOP', async () => {
    const maya = new Phone(system.simulatorUrl, MAYA);
    expect((await maya.ask('Track order 1234')).text).toMatch(/Your order 1234 will arrive (today|tomorrow) by 4 PM/);
    expect((await maya.ask('STOP')).text).toBeTruthy();
  }, 60_000);

  it('lets an operator ask for evidence, and nobody else', async () => {
    const ca = path('ca.crt');
    const ask = async (tls?: GrpcTls): Promise<unknown> => {
      const client = grpcClient(audit.AuditServiceClient, system.grpc(6), {
        tls,
        server: 'audit-service',
        deadlineMs: 10_000,
      });
      return client.verify({ chain: '' }).finally(() => client.close());
    };
    const operator = new GrpcTls({ ca, ...(await certificate('operator', ['parley-operator'])) });
    await expect(ask(operator)).resolves.toMatchObject({ problems: [] });
    const desk = new GrpcTls({ ca, ...(await certificate('desk', ['desk'])) });
    await expect(ask(desk)).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'GRPC.CALLER_REFUSED' });
    await expect(ask()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  }, 60_000);

  it('lets the commands use the certificates of their environment', async () => {
    const { code, output } = await command(system, 'audit', 'verify');
    expect(output).not.toMatch(/does not answer/);
    expect(code).toBe(0);
  }, 60_000);

  it('goes over to a renewed certificate without a restart', async () => {
    const renewed = new TestAuthority();
    const both = authority.cert + renewed.cert;
    await writeFile(path('ca.crt'), both);
    const { cert, key } = renewed.issue({ commonName: 'gateway' });
    await writeFile(path('renewed.crt'), cert);
    await writeFile(path('renewed.key'), key);
    const tls = new GrpcTls({ ca: path('ca.crt'), cert: path('renewed.crt'), key: path('renewed.key') });
    await eventually(
      async () => {
        const client = grpcClient(consent.ConsentServiceClient, system.grpc(5), { tls, server: 'consent-service' });
        const answer = client.check({
          contact: { phoneNumberId: '', userId: '', waId: MAYA.slice(1), profileName: '' },
          purpose: 'utility',
        });
        await expect(answer.finally(() => client.close())).resolves.toHaveProperty('allowed');
      },
      { timeoutMs: 60_000 },
    );
  }, 120_000);
});
