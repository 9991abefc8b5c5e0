// The same wamids over and over: alone and many in one webhook, to both gateways, as many at a time as there are connections.
import { freshId, until, webhookOf } from './track.mjs';

/** Copies in one webhook, in turn: most of Meta's webhooks hold one item, and some hold many. */
const COPIES = [1, 1, 1, 5, 20];
const AT_A_TIME = 64;
const customer = (n) => `4917${String(700_000_000 + n)}`;

/** Bodies until there are enough deliveries, each with how many it holds. */
function* bodies(messages, deliveries) {
  for (let delivered = 0, turn = 0; delivered < deliveries; turn += 1) {
    const count = Math.min(COPIES[turn % COPIES.length], deliveries - delivered);
    delivered += count;
    yield {
      turn,
      count,
      body: webhookOf(Array.from({ length: count }, (_, n) => messages[(turn + n) % messages.length])),
    };
  }
}

async function deliver(track, messages, deliveries) {
  const told = { webhooks: 0, delivered: 0, refused: 0 };
  const waiting = bodies(messages, deliveries);
  const work = async () => {
    for (const { turn, count, body } of waiting) {
      // Until it is taken, as Meta does.
      while ((await track.post(body, turn)) !== 200) told.refused += 1;
      told.webhooks += 1;
      told.delivered += count;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return told;
}

async function entriesOf({ crm }, phone) {
  const { entries } = await crm.listConversationEntries({ phone: `+${phone}`, limit: 0, whatsappUserId: '' });
  return entries;
}

export async function raceCopies(track, { deliveries, wamids }) {
  const messages = Array.from({ length: wamids }, (_, n) => ({ id: freshId(), from: customer(n), text: 'hello' }));
  const began = performance.now();
  const told = await deliver(track, messages, deliveries);
  // Behind every copy of its customer: when this one is answered, all of them have been seen.
  const last = messages.map(({ from }) => ({ id: freshId(), from, text: 'thanks, and goodbye for today' }));
  for (const [n, message] of last.entries()) await track.post(webhookOf([message]), n);
  const known = (entries, { id }) => entries.filter(({ messageId }) => messageId === id).length;
  await until('the last message of each customer in the CRM', async () => {
    const found = await Promise.all(last.map(async (message) => known(await entriesOf(track, message.from), message)));
    return found.every((count) => count > 0);
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  console.log(
    `${told.delivered} deliveries of ${wamids} wamids in ${told.webhooks} webhooks over two gateways, all of them seen after ${seconds} s (refused and sent again: ${told.refused}).`,
  );
  const entries = (await Promise.all(messages.map(async (one) => known(await entriesOf(track, one.from), one)))).flat();
  const answers = messages.map(({ from, id }) => track.sends.get(from)?.filter((to) => to === id).length ?? 0);
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  const most = (counts) => Math.max(...counts);
  const what = `${deliveries} deliveries of ${wamids} wamids (${track.bus})`;
  return [
    { what, counted: 'answers', expected: wamids, found: sum(answers) },
    { what, counted: 'most answers to one', expected: 1, found: most(answers) },
    { what, counted: 'entries in the CRM', expected: wamids, found: sum(entries) },
    { what, counted: 'most entries of one', expected: 1, found: most(entries) },
  ];
}
