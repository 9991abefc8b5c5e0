// 5. Offsets of the embedded log come from a sequence, and nobody who writes waits for whoever writes before: what is numbered
// first may become visible last, behind the position of a reader that has gone on.
export const bug = {
  title: 'a sequence used as the offset of the log',
  shows: {
    workload: 'customers who write again while the statuses of the last answer come in, on the embedded log',
    fault: {
      app: 'conversation-service',
      place: 'event-bus.log.appended',
      action: 'delay',
      // Longer than the CRM waits for company before it reads on.
      ms: 1500,
      every: 3,
      times: 0,
    },
    verdict: 'facts that committed late are never read: lines are missing in the CRM and in the audit trail',
  },
  edits: [
    {
      file: 'libs/event-bus/src/embedded/schema-log.ts',
      find: 'create table segments (day date primary key);',
      replace: `create table segments (day date primary key);
  create sequence places_in_log;`,
    },
    {
      file: 'libs/event-bus/src/embedded/schema-append.ts',
      find: `update heads h set next = h.next + head.n, day = greatest(h.day, today)
        where h.topic = head.topic and h.partition = head.partition
        returning h.next - head.n, h.day into first, on_day;`,
      // The numbers of one append are neighbours; the lock is given back at once, not at the commit.
      replace: `perform pg_advisory_lock(hashtext('places_in_log'));
      first := nextval('bus.places_in_log');
      perform setval('bus.places_in_log', first + head.n);
      perform pg_advisory_unlock(hashtext('places_in_log'));
      on_day := today;
      perform from heads h where h.topic = head.topic and h.partition = head.partition;`,
    },
    {
      file: 'libs/event-bus/src/embedded/schema-read.ts',
      find: 'join heads h on h.topic = q.topic and h.partition = q.partition and h.next > q."from"',
      replace: `join (select t.topic, t.partition, s.last_value + 1 as next from heads t, places_in_log s) h
        on h.topic = q.topic and h.partition = q.partition and h.next > q."from"`,
    },
  ],
};
