// 3. The position moves past a batch before its handler runs, for every consumer on either bus.
export const bug = {
  title: 'offset committed before the effect commits',
  shows: {
    workload: 'messages delivered once',
    fault: { app: 'conversation-service', place: 'conversation-service.batch.decided', action: 'kill' },
    verdict: 'messages of the batch in hand that are not delivered again have no answer',
  },
  edits: [
    {
      file: 'libs/event-bus/src/hand-over.ts',
      find: 'await inBatchSpan(records, options.group, ()=>options.handle({',
      replace: `for (const portion of portions) await portion.claim.commit(portion.next);
            await inBatchSpan(records, options.group, ()=>options.handle({`,
    },
  ],
};
