// The world around Parley, in a process of its own: customers who write at their own pace, and the Graph API that answers them.
// Messages of the parent: { id, command, ...arguments }; each gets one { id, result }.
import { setTimeout as sleep } from 'node:timers/promises';
import { Connections } from './connections.mjs';
import { flood } from './flood.mjs';
import { Graph } from './graph.mjs';
import { Latencies } from './histogram.mjs';
import { customerId, numberIds, requestBytes, textBody } from './webhooks.mjs';

const SAMPLE_MS = 250;
const settings = JSON.parse(process.env.BENCH_CUSTOMERS);
const ids = numberIds(settings.numbers);
const graph = new Graph((to, at) => answered(to, at), settings.statuses);
/** By customer: what they wrote and have no answer to, oldest first. */
const open = new Map();
/** Customers whose webhook was refused or got no answer. */
const perhaps = new Set();
/** Customers who got what they had not asked for. */
let strays = [];
/** Windows that belong together add up under one name. */
const pools = new Map();
const totals = { sent: 0, accepted: 0, refused: 0, answered: 0, uncalled: 0 };
let connections;
let turn = 0;
/** While it is kept: when each message that was answered was due, and when its answer came; milliseconds of the wall clock. */
let diary;

const unanswered = () => totals.accepted - totals.answered;

function answered(to, at) {
  const waiting = open.get(to);
  const first = waiting?.shift();
  if (!first) {
    // A webhook that got no answer may have been kept all the same; whoever else asked nothing got a reply twice.
    if (perhaps.delete(to)) return;
    totals.uncalled += 1;
    strays.push(to);
    return;
  }
  if (waiting.length === 0) open.delete(to);
  totals.answered += 1;
  first.replies?.add(at - first.at);
  diary?.push([Math.round(performance.timeOrigin + first.at), Math.round(performance.timeOrigin + at)]);
}

/** One customer after the other, so that nobody writes more often than a customer may be answered. */
function write(at, window) {
  const index = turn % settings.customers;
  turn += 1;
  const from = customerId(index);
  const text = settings.text.replace('{n}', String(index));
  const waiting = open.get(from) ?? [];
  const one = { at, replies: window?.replies };
  waiting.push(one);
  open.set(from, waiting);
  totals.sent += 1;
  connections.send(requestBytes(textBody({ number: ids[index % ids.length], from, text })), (status) => {
    window?.intake.add(performance.now() - at);
    if (status === 200) {
      totals.accepted += 1;
      return;
    }
    totals.refused += 1;
    open.set(
      from,
      (open.get(from) ?? []).filter((other) => other !== one),
    );
    perhaps.add(from);
  });
}

const freshWindow = () => ({ replies: new Latencies(), intake: new Latencies() });

function windowOf(pool) {
  if (!pool) return freshWindow();
  if (!pools.has(pool)) pools.set(pool, freshWindow());
  return pools.get(pool);
}

/** Open loop: message n is due at its moment whatever became of those before, and its latency counts from that moment. */
async function offer({ rate, seconds, warmUp = 0, pool }) {
  const window = windowOf(pool);
  const before = { ...totals };
  const began = performance.now();
  const count = Math.round(rate * seconds);
  const samples = [];
  let due = 0;
  let sampled = 0;
  let busiest = 0;
  while (due < count) {
    const now = performance.now() - began;
    for (; due < count && (due * 1000) / rate <= now; due += 1) {
      const at = (due * 1000) / rate;
      write(began + at, at >= warmUp * 1000 ? window : undefined);
      busiest = Math.max(busiest, now - at);
    }
    if (now >= sampled) {
      samples.push({ second: Math.round(now) / 1000, backlog: unanswered(), answered: totals.answered });
      sampled = now + SAMPLE_MS;
    }
    await sleep(1);
  }
  return { window, before, samples, behindMs: busiest };
}

/** Every webhook gets an answer, if only that of a connection given up. */
async function webhooksAnswered() {
  while (totals.accepted + totals.refused < totals.sent) await sleep(10);
}

/** Waits for the replies that are still to come. */
async function drain({ seconds = 30 }) {
  await webhooksAnswered();
  const end = performance.now() + seconds * 1000;
  while (unanswered() > 0 && performance.now() < end) await sleep(10);
  return { unanswered: unanswered(), ...totals };
}

const commands = {
  graph: () => graph.start(),
  target({ port }) {
    connections = new Connections(port, settings.connections);
    graph.deliverTo(connections);
  },
  async offer(args) {
    const { window, before, samples, behindMs } = await offer(args);
    const rest = await drain({ seconds: args.drain ?? 15 });
    return {
      ...{ rate: args.rate, seconds: args.seconds, samples, behindMs },
      replied: rest.answered - before.answered,
      refused: rest.refused - before.refused,
      unanswered: rest.unanswered,
      uncalled: rest.uncalled - before.uncalled,
      replies: window.replies.summary(),
      intake: window.intake.summary(),
    };
  },
  drain,
  /** Who waits for an answer, and who got one too many, since this was last asked. */
  oddities() {
    const waiting = [...open].filter(([, list]) => list.length > 0).map(([to]) => to);
    const found = { waiting, strays };
    strays = [];
    return found;
  },
  /** One message of one customer, out of turn; resolves when it was taken, with the moment it was sent. */
  write: ({ index, text }) =>
    new Promise((resolve, reject) => {
      const at = Date.now();
      const body = textBody({ number: ids[index % ids.length], from: customerId(index), text });
      connections.send(requestBytes(body), (status) =>
        status === 200
          ? resolve({ at, acceptedMs: Date.now() - at })
          : reject(new Error(`The gateway answered ${status}.`)),
      );
    }),
  templatesTo: ({ index }) => graph.templatesTo(customerId(index)),
  flood: (args) => flood({ ...args, ids }),
  /** From here on nobody waits for what was lost. */
  forget() {
    open.clear();
    totals.answered = totals.accepted;
  },
  keepDiary() {
    diary = [];
  },
  readDiary: () => diary,
  totals: () => ({ ...totals, unanswered: unanswered() }),
};

process.on('message', ({ id, command, ...args }) => {
  Promise.resolve()
    .then(() => commands[command](args))
    .then((result) => process.send({ id, result }))
    .catch((error) => process.send({ id, error: error.stack }));
});
process.on('disconnect', () => process.exit(0));
