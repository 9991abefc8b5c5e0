// 1. What was handled is remembered by the process alone: the table of marks is neither read nor written. The send id made of
// the message is a second line against the same mistake, so it goes too; with it the bug would be there and harm nobody.
export const bug = {
  title: 'dedupe kept in memory instead of the inbox table',
  shows: {
    workload: 'webhooks delivered more than once, some of the copies later',
    fault: { app: 'conversation-service', place: 'event-bus.records.handled', action: 'kill' },
    verdict: 'a message delivered before and after the kill has two answers',
  },
  edits: [
    {
      file: 'libs/postgres/src/inbox.ts',
      find: 'const DAY_MS = 86_400_000;',
      replace: `const DAY_MS = 86_400_000;
const memory = new Set();
const unknown = (consumer, ids) => new Set(ids.filter((id) => !memory.has(consumer + ' ' + id)));`,
    },
    {
      file: 'libs/postgres/src/inbox.ts',
      find: 'async markNew(tx, ids) {',
      replace: `async markNew(tx, ids) {
        (tx.remembers ??= []).push(() => ids.forEach((id) => memory.add(this.consumer + ' ' + id)));
        return unknown(this.consumer, ids);`,
    },
    {
      file: 'libs/postgres/src/inbox.ts',
      find: 'async unseen(db, ids) {',
      replace: `async unseen(db, ids) {
        return unknown(this.consumer, ids);`,
    },
    {
      file: 'libs/postgres/src/transaction.ts',
      find: `if (command === 'ROLLBACK') throw this.#failure ?? transactionFailed();`,
      replace: `if (command === 'ROLLBACK') throw this.#failure ?? transactionFailed();
        for (const remember of this.remembers ?? []) remember();`,
    },
    {
      file: 'apps/conversation-service/src/usecases/turn-facts.ts',
      find: `const id = idOf(conversation.id, item.id, 'reply');`,
      replace: 'const id = globalThis.crypto.randomUUID();',
    },
  ],
};
