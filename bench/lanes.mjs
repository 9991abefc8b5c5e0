// Live messages beside a campaign: the same rate of customers in quiet and in loaded windows, in turn, in one run.
import { setTimeout as sleep } from 'node:timers/promises';
import { openCampaign } from './support/campaign.mjs';
import { eraseWhile } from './support/erasure.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { onStage } from './support/stage.mjs';

const CUSTOMERS = 4000;
const DRAIN_S = 1200;

export const help = 'live messages beside a campaign: p50 and p99 with and without records on whatsapp.outbound.bulk';
export const options = {
  bus,
  records: number(100_000, 'records put on the bulk lane, all in all'),
  rounds: number(5, 'pairs of a quiet and a loaded window; each puts its share of the records'),
  seconds: number(20, 'length of a window'),
  rate: number(40, 'live messages a second in both'),
  erase: number(0, 'people of the campaign who are erased in each loaded window but the first'),
};
/** As one of many: the whole campaign takes half an hour and more. */
export const shorter = ['--bus', 'embedded', '--records', '1500', '--rounds', '1', '--seconds', '15'];
export const notes = [
  'Aim: p99 of the loaded windows within 20 percent of that of the quiet ones.',
  'WHATSAPP_MESSAGES_PER_SECOND=1000, one number for both lanes; beside live messages a campaign gets WHATSAPP_BULK_BESIDE_LIVE (default 30) a second, alone the whole rate. Every message of the campaign is a utility template with a consent check, a POST, two statuses and audit entries.',
  'The records of a round are put right before its loaded window, whose backlog (records not yet posted) is given at its beginning and its end; after it the rest of them leaves without live traffic, which gives the rate of a campaign alone.',
];

/** Waits until the whole campaign so far was posted; returns how many a second that were. */
async function drained(customers, campaign) {
  const began = performance.now();
  const before = (await customers.totals()).uncalled;
  for (let left = 1; left > 0;) {
    await sleep(200);
    left = campaign.total() - (await customers.totals()).uncalled;
    if (performance.now() - began > DRAIN_S * 1000) throw new Error(`${left} records of the campaign did not leave.`);
  }
  return Math.round(((campaign.total() - before) * 1000) / (performance.now() - began));
}

async function round({ system, customers, campaign }, { records, seconds, rate, people, say }) {
  const window = (pool) => customers.offer({ rate, seconds, pool, warmUp: seconds / 10, drain: 10 });
  const quiet = await window('quiet');
  const began = performance.now();
  await campaign.put(records);
  const putMs = Math.round(performance.now() - began);
  // Who nobody asked for is who the campaign writes to.
  const backlog = async () => campaign.total() - (await customers.totals()).uncalled;
  const first = await backlog();
  const { result: loaded, erased } = await eraseWhile(system, people, () => window('loaded'));
  const last = await backlog();
  say(
    `  p99 so far: quiet ${quiet.replies.p99} ms, loaded ${loaded.replies.p99} ms; backlog ${first} to ${last}, put in ${putMs} ms`,
  );
  const alone = await drained(customers, campaign);
  return { quiet, loaded, first, last, alone, erased, beside: Math.round((first - last) / seconds) };
}

async function measure(engine, chosen, say) {
  return onStage({ bus: engine, numbers: 1, customers: CUSTOMERS }, async ({ system, customers }) => {
    // What the warm-up left is not the campaign's.
    const already = (await customers.totals()).uncalled;
    const campaign = await openCampaign(system);
    if (already > 0) throw new Error(`${already} replies came twice in the warm-up.`);
    const rounds = [];
    const records = Math.ceil(chosen.records / chosen.rounds);
    for (let n = 0; n < chosen.rounds; n += 1) {
      const people = n > 0 ? campaign.recipients((n - 1) * chosen.erase, chosen.erase) : [];
      rounds.push(await round({ system, customers, campaign }, { ...chosen, records, people, say }));
    }
    await campaign.close();
    return rounds;
  });
}

function rowsOf(engine, rounds, chosen) {
  const { quiet, loaded } = rounds.at(-1);
  const ratio = Math.round((loaded.replies.p99 / quiet.replies.p99) * 100) / 100;
  const range = (name) =>
    `${Math.min(...rounds.map((one) => one[name]))} to ${Math.max(...rounds.map((one) => one[name]))}`;
  const row = (what, { replies, unanswered }) => ({
    ...{ bus: engine, what, 'live/s': chosen.rate, replies: replies.count, p50: replies.p50, p99: replies.p99 },
    ...{ 'p99.9': replies['p99.9'], unanswered },
  });
  return [
    { ...row('quiet', quiet), 'p99 to quiet': 1, 'backlog at the start': 0, 'backlog at the end': 0, 'bulk/s': 0 },
    {
      ...row('beside a campaign', loaded),
      ...{ 'p99 to quiet': ratio, 'backlog at the start': range('first'), 'backlog at the end': range('last') },
      ...{ 'bulk/s': range('beside'), erased: rounds.reduce((sum, one) => sum + one.erased, 0) },
    },
    { bus: engine, what: 'the campaign alone', 'bulk/s': range('alone') },
  ];
}

export async function run(chosen, say) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    say(`${engine}: starting`);
    rows.push(...rowsOf(engine, await measure(engine, chosen, say), chosen));
  }
  return rows;
}
