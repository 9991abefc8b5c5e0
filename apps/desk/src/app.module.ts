import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Database } from '@parley/postgres';
import { Lifecycle, openDatabase, type Running } from '@parley/service';
import type { Logger } from '@parley/telemetry';
import { fileURLToPath } from 'node:url';
import { PORT_OFFSET, type Config } from './config.js';
import { normaliseEmail } from './domain/account.js';
import { THROTTLE_WINDOW_MS } from './domain/throttle.js';
import { ConversationsHttp } from './inbound/conversations.http.js';
import { ErrorsFilter } from './inbound/errors.filter.js';
import { EventsHttp } from './inbound/events.http.js';
import { noStore, requireTls, securityHeaders, servePage } from './inbound/page.js';
import { Doorway, SessionGuard } from './inbound/session.guard.js';
import { SessionHttp } from './inbound/session.http.js';
import { migrations } from './migrations/index.js';
import { GrpcConversations } from './outbound/grpc/grpc-conversations.js';
import { PostgresAccounts } from './outbound/postgres/postgres-accounts.js';
import { PostgresAttempts } from './outbound/postgres/postgres-attempts.js';
import { PostgresSessions } from './outbound/postgres/postgres-sessions.js';
import { Argon2Passwords } from './outbound/system/argon2-passwords.js';
import { SystemClock } from './outbound/system/system-clock.js';
import type { Accounts } from './ports/accounts.port.js';
import type { Attempts } from './ports/attempts.port.js';
import type { Clock } from './ports/clock.port.js';
import { Conversations } from './ports/conversations.port.js';
import type { Passwords } from './ports/passwords.port.js';
import type { Sessions } from './ports/sessions.port.js';
import { ChangePassword } from './usecases/change-password.js';
import { CheckSession } from './usecases/check-session.js';
import { EnsureFirstAccount } from './usecases/ensure-first-account.js';
import { FollowConversations } from './usecases/follow-conversations.js';
import { ReadConversations } from './usecases/read-conversations.js';
import { SignIn } from './usecases/sign-in.js';

const BODY_LIMIT = '64kb';
const DEMO_PASSWORD = 'parley-demo';

/** What the desk works with. */
export interface Ports {
  accounts: Accounts;
  sessions: Sessions;
  attempts: Attempts;
  passwords: Passwords;
  conversations: Conversations;
  clock: Clock;
}

/** Where ports meet adapters. */
@Module({})
export class AppModule {
  static with(ports: Ports, config: Config, doorway: Doorway, feed: FollowConversations): DynamicModule {
    const { accounts, sessions, attempts, passwords, conversations, clock } = ports;
    const limits = { idle: config.DESK_SESSION_IDLE, life: config.DESK_SESSION_LIFE };
    const providers: Provider[] = [
      { provide: Doorway, useValue: doorway },
      { provide: Conversations, useValue: conversations },
      { provide: FollowConversations, useValue: feed },
      { provide: SignIn, useFactory: () => new SignIn(accounts, sessions, attempts, passwords, clock) },
      { provide: CheckSession, useFactory: () => new CheckSession(accounts, sessions, clock, limits) },
      { provide: ChangePassword, useFactory: () => new ChangePassword(accounts, passwords) },
      { provide: ReadConversations, useFactory: () => new ReadConversations(conversations, accounts) },
      SessionGuard,
    ];
    return { module: AppModule, controllers: [SessionHttp, ConversationsHttp, EventsHttp], providers };
  }
}

/** The HTTP side, listening when this resolves. Port 0 takes a free one. */
export async function serveDesk(
  ports: Ports,
  config: Config,
  { log, pageFolder = fileURLToPath(new URL('./web', import.meta.url)) }: { log: Logger; pageFolder?: string },
): Promise<Running & { url: string; sessions: CheckSession }> {
  const secure = config.DESK_TLS === 'proxy';
  const doorway = { transport: { secure, sessionLife: config.DESK_SESSION_LIFE }, demo: await demoOf(ports, config) };
  const feed = new FollowConversations(ports.conversations, ports.clock, ({ reason }) =>
    log.warn({ reason }, 'The stream of changes was lost; opening it again'),
  );
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(ports, config, doorway, feed), {
    bodyParser: false,
    forceCloseConnections: true,
    abortOnError: false,
    logger: false,
  });
  app.disable('x-powered-by');
  app.set('trust proxy', secure ? config.DESK_TRUSTED_PROXIES : false);
  app.use(securityHeaders(secure));
  if (secure) app.use(requireTls);
  app.use('/api', noStore);
  app.useBodyParser('json', { limit: BODY_LIMIT });
  app.use(servePage(pageFolder));
  app.useGlobalFilters(new ErrorsFilter(log));
  await app.listen(config.DESK_PORT, config.LISTEN_HOST);
  feed.start();
  const close = async (): Promise<void> => {
    await feed.close();
    await app.close();
  };
  return { close, url: await app.getUrl(), sessions: app.get(CheckSession) };
}

/** Starts the desk; it is ready when this resolves. */
export function startDesk(config: Config): Promise<Running> {
  return Lifecycle.start({ name: 'desk', portOffset: PORT_OFFSET, config }, async (life) => {
    const { log } = life;
    const database = await openDatabase(life, 'desk', config, migrations);
    const address = config.CONVERSATION_GRPC_URL ?? `127.0.0.1:${config.GRPC_PORT_BASE + 1}`;
    const conversations = new GrpcConversations(address, life.tls);
    life.onClose(() => conversations.close());
    const ports = { ...portsOn(database), conversations };
    const first = new EnsureFirstAccount(ports.accounts, ports.passwords);
    if (await first.run(config.DESK_ADMIN_EMAIL, config.DESK_ADMIN_PASSWORD)) log.info('The first account was made');
    const desk = await serveDesk(ports, config, { log });
    life.onClose(() => desk.close());
    life.hourly(() => desk.sessions.purge(), 'Old sessions could not be removed');
    life.hourly(() => {
      const olderThan = new Date(ports.clock.now().getTime() - THROTTLE_WINDOW_MS);
      return ports.attempts.purge(olderThan);
    }, 'Old attempts to sign in could not be removed');
  });
}

function portsOn(database: Database): Omit<Ports, 'conversations'> {
  return {
    accounts: new PostgresAccounts(database),
    sessions: new PostgresSessions(database),
    attempts: new PostgresAttempts(database),
    passwords: new Argon2Passwords(),
    clock: new SystemClock(),
  };
}

/** A newcomer is told the demonstration's password, as long as it is still the one in use. */
async function demoOf({ accounts, passwords }: Ports, config: Config): Promise<Doorway['demo']> {
  if (config.DESK_ADMIN_PASSWORD !== DEMO_PASSWORD) return null;
  const email = normaliseEmail(config.DESK_ADMIN_EMAIL);
  const account = await accounts.findByEmail(email);
  const known = await passwords.verify(DEMO_PASSWORD, account?.passwordHash);
  return known ? { email, password: DEMO_PASSWORD } : null;
}
