import type { EventBus, Subscription } from '@parley/event-bus';
import { Inbox, redeliveryEnd, type Database, type PersonVault } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { DoubtClock } from './domain/doubt.js';
import { PairLimit } from './domain/pair-limit.js';
import { subscribeOutbound } from './inbound/whatsapp-outbound.events.js';
import { subscribeStatus } from './inbound/whatsapp-status.events.js';
import { PostgresChannelView } from './outbound/postgres/postgres-channel-view.js';
import { PostgresNumberLeases } from './outbound/postgres/postgres-number-leases.js';
import { PostgresSends } from './outbound/postgres/postgres-sends.js';
import { PostgresStatuses } from './outbound/postgres/postgres-statuses.js';
import { purgeSends } from './outbound/postgres/purge-sends.js';
import type { Clock } from './ports/clock.port.js';
import type { ConsentGate } from './ports/consent-gate.port.js';
import type { MessageChannel } from './ports/message-channel.port.js';
import { AcceptSends } from './usecases/accept-sends.js';
import { AwaitStatuses } from './usecases/await-statuses.js';
import { DispatchSends } from './usecases/dispatch-sends.js';
import { NumberRate } from './usecases/number-rate.js';
import { PostSend } from './usecases/post-send.js';
import { SettleStatuses } from './usecases/settle-statuses.js';
import { ShowChannel } from './usecases/show-channel.js';
import { WriteResults } from './usecases/write-results.js';

const log = createLogger('gateway');
const HOUR_MS = 3_600_000;
/** How soon a status that overtook the id of its message is looked at again. */
const ADOPT_MS = 2000;

/** What a sender is made of. */
export interface SenderParts {
  database: Database;
  bus: EventBus;
  vault: PersonVault;
  channel: MessageChannel;
  consent: ConsentGate;
  clock: Clock;
  /** Sends per second of each configured number. */
  numbers: ReadonlyMap<string, number>;
  /** Bulk messages a second from a number while customers are being answered from it. */
  bulkBesideLive: number;
  inDoubtWaitMs: number;
  /** Pauses between probes of a stopped channel, and between looks at sends in doubt; only tests need others. */
  probeMs?: { first: number; most: number };
  lookMs?: number;
}

/** Everything that sends, and what can be asked about it. */
export interface RunningSender {
  readonly show: ShowChannel;
  readonly running: boolean;
  readonly accept: AcceptSends;
  /** Begins to consume; the schema has to be there. */
  start(): Promise<void>;
  /** Lets answers come in and be written, then stops. */
  close(): Promise<void>;
}

function assemble(parts: SenderParts) {
  const { database, bus, clock, vault } = parts;
  const sends = new PostgresSends(database, vault, bus, clock);
  const leases = new PostgresNumberLeases(database, clock);
  const rates = new Map(
    [...parts.numbers].map(([id, perSecond]) => [id, new NumberRate(id, perSecond, leases, clock, parts.probeMs)]),
  );
  const [results, pairs] = [new WriteResults(sends), new PairLimit()];
  const post = new PostSend(parts.channel, parts.consent, clock);
  const doubt = new DoubtClock(clock.now().getTime());
  const dispatch: DispatchSends = new DispatchSends({
    ...{ sends, post, results, pairs, rates, clock, bulkBesideLive: parts.bulkBesideLive },
    onDoubt: (send, leftBehind) => doubtful.add(send, leftBehind),
  });
  const onResolved: DispatchSends['resolve'] = (send, state) => dispatch.resolve(send, state);
  const waiting = { sends, results, doubt, clock, waitMs: parts.inDoubtWaitMs, onResolved };
  const doubtful: AwaitStatuses = new AwaitStatuses(waiting, parts.lookMs);
  const accept = new AcceptSends({ sends, dispatch, pairs, rates, clock });
  const statuses = new PostgresStatuses(database, new Inbox('statuses'), bus);
  const settle = new SettleStatuses(statuses, rates, clock, (at, ids) => doubtful.statusesReceived(at, ids));
  const show = new ShowChannel(new PostgresChannelView(database), rates);
  return { accept, dispatch, doubtful, statuses, settle, show };
}

/** Joins the ports of sending with their adapters. */
export function buildSender(parts: SenderParts): RunningSender {
  const { accept, dispatch, doubtful, statuses, settle, show } = assemble(parts);
  const subscriptions: Subscription[] = [];
  const chores: NodeJS.Timeout[] = [];
  const state = { running: false };
  const adopt = (): void => {
    statuses.adopt().catch((err: unknown) => log.debug({ err }, 'Early statuses could not be looked at'));
  };
  const purge = (): void => {
    purgeSends(parts.database, redeliveryEnd()).catch((err: unknown) =>
      log.warn({ err }, 'Old sends could not be removed'),
    );
  };
  return {
    show,
    accept,
    get running() {
      return state.running;
    },
    start: async () => {
      subscriptions.push(await subscribeStatus(parts.bus, settle));
      subscriptions.push(...(await subscribeOutbound(parts.bus, { accept, dispatch, doubtful })));
      purge();
      chores.push(setInterval(adopt, ADOPT_MS).unref(), setInterval(purge, HOUR_MS).unref());
      state.running = true;
    },
    close: async () => {
      chores.forEach(clearInterval);
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await dispatch.close();
      await doubtful.close();
      state.running = false;
    },
  };
}
