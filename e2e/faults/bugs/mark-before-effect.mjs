// 2. A batch is marked as handled in a transaction of its own, before the one that has its effect.
export const bug = {
  title: 'inbox mark committed before the effect',
  shows: {
    workload: 'any message',
    fault: { app: 'conversation-service', place: 'conversation-service.batch.guarded', action: 'kill' },
    verdict: 'the messages of the batch in hand have no answer, however often they are delivered again',
  },
  edits: [
    {
      file: 'apps/conversation-service/src/outbound/postgres/commit.ts',
      find: '/** Commits changes under their guards. */ export class Committer {',
      replace: `const markFirst = (db, inbox, ids) => db.transaction((tx) => inbox.markNew(tx, ids));
export class Committer {`,
    },
    {
      file: 'apps/conversation-service/src/outbound/postgres/commit.ts',
      find: 'this.inbox.markNew(tx, [',
      replace: 'markFirst(this.db, this.inbox, [',
    },
  ],
};
