// Two different first messages of somebody nobody knows, at the same moment, one to each gateway: under the phone, the user id, or both.
import { freshId, until, webhookOf } from './track.mjs';

const phoneOf = (n) => `4917${String(710_000_000 + n)}`;
const userOf = (n) => `DE.${9_000_000 + n}`;
const phone = (n) => ({ from: phoneOf(n) });
const user = (n) => ({ userId: userOf(n) });
const both = (n) => ({ ...phone(n), ...user(n) });
/** What the two messages say about who writes. */
const KINDS = [
  ['phone and phone', phone, phone],
  ['phone and both', phone, both],
  ['both and user id', both, user],
  ['user id and both', user, both],
  ['phone and user id', phone, user],
  ['both and both', both, both],
];

async function transcriptOf({ conversation }, n) {
  const found = await conversation.getByPhone({ phone: `+${phoneOf(n)}`, phoneNumberId: '' });
  const { transcript } = await conversation.getConversation({ conversationId: found.conversation.id, limit: 0 });
  return transcript.map(({ messageId }) => messageId);
}

async function whole(track, { n, ids }) {
  const transcript = await transcriptOf(track, n).catch(() => []);
  return ids.every((id) => transcript.includes(id));
}

export async function raceNewcomers(track, { newcomers }) {
  const people = Array.from({ length: newcomers }, (_, n) => ({
    n,
    kind: KINDS[n % KINDS.length],
    ids: [freshId(), freshId(), freshId()],
  }));
  await Promise.all(
    people.flatMap(({ n, kind: [, first, second], ids }) => [
      track.post(webhookOf([{ id: ids[0], text: 'hello', ...first(n) }]), n),
      track.post(webhookOf([{ id: ids[1], text: 'good morning', ...second(n) }]), n + 1),
    ]),
  );
  // By now at the latest both keys are known to be one person's.
  await Promise.all(people.map(({ n, ids }) => track.post(webhookOf([{ id: ids[2], text: 'thanks', ...both(n) }]), n)));
  const answersTo = ({ n, ids }) => {
    const sent = [...(track.sends.get(phoneOf(n)) ?? []), ...(track.sends.get(userOf(n)) ?? [])];
    return ids.slice(0, 2).map((id) => sent.filter((to) => to === id).length);
  };
  await until('one conversation with all messages for every newcomer', async () => {
    const done = await Promise.all(
      people.map(async (one) => (await whole(track, one)) && answersTo(one).every(Boolean)),
    );
    return done.every(Boolean);
  });
  return KINDS.map(([kind]) => {
    const own = people.filter((one) => one.kind[0] === kind);
    const answers = own.flatMap(answersTo).reduce((total, count) => total + count, 0);
    const what = `two first messages at once, by ${kind} (${track.bus})`;
    return { what, counted: 'answers in one conversation each', expected: 2 * own.length, found: answers };
  });
}
