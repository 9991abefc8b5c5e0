import { readFile } from 'node:fs/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { audit, consent, conversation, crm } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';
import { Inbox, type Database, type MasterKey, type Vault } from '@parley/postgres';
import { Lifecycle, openBus, openDatabase, openVault, serveGrpc, type Running } from '@parley/service';
import { PORT_OFFSET, type Config } from './config.js';
import { AuditCalls, AuditGrpc } from './inbound/audit.grpc.js';
import { subscribeAll } from './inbound/topics.events.js';
import { migrations } from './migrations/index.js';
import { Ed25519Signer } from './outbound/ed25519/ed25519-signer.js';
import { GrpcHolders } from './outbound/grpc/grpc-holders.js';
import { PostgresErasures } from './outbound/postgres/postgres-erasures.js';
import { PostgresHeads } from './outbound/postgres/postgres-heads.js';
import { PostgresTrail } from './outbound/postgres/postgres-trail.js';
import { SystemClock } from './outbound/system/system-clock.js';
import { VaultPersons } from './outbound/vault/vault-persons.js';
import type { Holders } from './ports/holders.port.js';
import type { Signer } from './ports/signer.port.js';
import { AppendEvidence } from './usecases/append-evidence.js';
import { ErasePersons } from './usecases/erase-persons.js';
import { ExportEntries } from './usecases/export-entries.js';
import { QueryEntries } from './usecases/query-entries.js';
import { RecordOwn } from './usecases/record-own.js';
import { RetireDays } from './usecases/retire-days.js';
import { ShowHeads } from './usecases/show-heads.js';
import { SignDays } from './usecases/sign-days.js';
import { VerifyChains } from './usecases/verify-chains.js';

/** What the service is made of. */
interface Parts {
  readonly db: Database;
  readonly vault: Vault;
  readonly signer: Signer;
  readonly holders: Holders;
  readonly keepDays: number;
}

/** Where ports meet adapters. */
function useCases({ db, vault, signer, holders, keepDays }: Parts) {
  const clock = new SystemClock();
  const inbox = new Inbox('audit');
  const trail = new PostgresTrail(db, inbox);
  const heads = new PostgresHeads(db);
  const persons = new VaultPersons(vault.persons, vault.masterKey);
  const append = new AppendEvidence(trail, persons, clock);
  const own = new RecordOwn(append, clock);
  const sign = new SignDays(heads, signer, clock);
  const erasures = new PostgresErasures(db, (pseudonym) => persons.tag('customer', pseudonym));
  const erase = new ErasePersons(persons, holders, erasures, signer, own, clock);
  const query = new QueryEntries(trail, persons);
  const calls = new AuditCalls(
    query,
    new VerifyChains(trail, heads, signer, clock),
    new ExportEntries(query, trail, heads, sign, persons, own),
    new ShowHeads(trail, heads, sign, clock),
    erase,
    signer,
  );
  return { erase, inbox, trail, append, sign, retire: new RetireDays(heads, signer, own, clock, keepDays), calls };
}

/** The gRPC door and what stands behind it. */
@Module({})
export class AppModule {
  static with(calls: AuditCalls): DynamicModule {
    return { module: AppModule, controllers: [AuditGrpc], providers: [{ provide: AuditCalls, useValue: calls }] };
  }
}

/** The configured key; without one, one that follows from the master key (not in production, see `parseConfig`). */
async function openSigner(
  { AUDIT_SIGNING_KEY, AUDIT_SIGNING_KEY_FILE }: Config,
  keys: MasterKey,
): Promise<Ed25519Signer> {
  if (AUDIT_SIGNING_KEY_FILE) return Ed25519Signer.fromPem(await readFile(AUDIT_SIGNING_KEY_FILE, 'utf8'));
  if (AUDIT_SIGNING_KEY) return Ed25519Signer.fromPem(AUDIT_SIGNING_KEY);
  return Ed25519Signer.fromSeed(keys.hmac('audit.signing', ''));
}

/** Starts the service; it is ready when this resolves. `close` lets the batches in hand finish. */
export function startService(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'audit-service', portOffset: PORT_OFFSET, config }, async (life) => {
    const db = await openDatabase(life, 'audit', config, migrations);
    const vault = await openVault(life, config, db);
    const signer = await openSigner(config, vault.masterKey);
    const bus = await openBus(life, { config, database: db, vault });
    const services = { 'parley.audit.v1.AuditService': audit.AuditServiceService };
    const holders = connect(life, config);
    const parts = useCases({ db, vault, signer, holders, keepDays: config.AUDIT_RETENTION_DAYS });
    await serveGrpc(life, AppModule.with(parts.calls), services);
    await subscribeAll(bus, parts.append);
    life.hourly(() => parts.trail.prepareDays(new Date()), 'The partitions of the days to come could not be made');
    life.hourly(() => parts.inbox.purge(db), 'Old inbox marks could not be removed');
    keepDays(life, parts);
    finishErasures(life, parts.erase);
  });
}

/** The services that hold something about persons. */
function connect(life: Lifecycle, config: Config): Holders {
  const at = (url: string | undefined, offset: number): string => url ?? `127.0.0.1:${config.GRPC_PORT_BASE + offset}`;
  const { tls } = life;
  const clients = {
    conversation: grpcClient(conversation.ConversationServiceClient, at(config.CONVERSATION_GRPC_URL, 1), {
      tls,
      server: 'conversation-service',
    }),
    crm: grpcClient(crm.CrmServiceClient, at(config.CRM_GRPC_URL, 3), { tls, server: 'crm-bridge' }),
    consent: grpcClient(consent.ConsentServiceClient, at(config.CONSENT_GRPC_URL, 5), {
      tls,
      server: 'consent-service',
    }),
  };
  life.onClose(() => Object.values(clients).forEach((client) => client.close()));
  return new GrpcHolders(clients);
}

/** How long an erasure may be in hand before it counts as interrupted. */
const INTERRUPTED_MS = 10 * 60_000;

/** At the start and then hourly: takes up erasures that were interrupted. */
function finishErasures(life: Lifecycle, erase: ErasePersons): void {
  const failed = 'Interrupted erasures could not be finished';
  life.hourly(() => erase.resume(new Date(Date.now() - INTERRUPTED_MS)), failed);
  void erase.resume(new Date()).catch((err: unknown) => life.log.warn({ err }, failed));
}

/** At the start and then hourly: signs days that are over, and removes those whose time is over. */
function keepDays(life: Lifecycle, { sign, retire }: ReturnType<typeof useCases>): void {
  const chore = async (): Promise<void> => {
    for (const { day, keyId, signature } of await sign.run()) {
      // The log is kept elsewhere than the database: a line of it says later whether the whole day was signed anew.
      life.log.info({ day, keyId, signature: signature.toString('base64') }, 'Day signed');
    }
    for (const { day, entries } of await retire.run()) life.log.info({ day, entries: String(entries) }, 'Day retired');
  };
  const failed = 'Days that are over could not be signed or retired';
  life.hourly(chore, failed);
  void chore().catch((err: unknown) => life.log.warn({ err }, failed));
}
