// Webhook in to Graph POST out, one message at a time: the time a customer waits when nothing else goes on.
import { Latencies } from './support/histogram.mjs';
import { bus, busesOf, number } from './support/options.mjs';
import { onStage } from './support/stage.mjs';

export const help = 'webhook in to Graph POST out in milliseconds, one message at a time';
export const options = { bus, messages: number(100, 'messages, each written when the one before was answered') };
export const notes = ['Each of another customer, so each is the first of a conversation.'];

export async function run({ messages, ...chosen }) {
  const rows = [];
  for (const engine of busesOf(chosen)) {
    await onStage({ bus: engine, customers: 2000 }, async ({ customers }) => {
      const times = new Latencies();
      for (let index = 0; index < messages; index += 1) {
        const { replies, unanswered } = await customers.offer({ rate: 1000, seconds: 0.001, drain: 10 });
        if (unanswered > 0) throw new Error(`No reply within 10 s to message ${index}.`);
        // A webhook that was refused leaves nobody waiting, and a window without a reply has a maximum of 0.
        if (replies.count !== 1) throw new Error(`Message ${index} was not taken, so there is no reply to time.`);
        times.add(replies.max);
      }
      rows.push({ bus: engine, ...times.summary() });
    });
  }
  return rows;
}
