// 4. A POST whose answer is not known is taken for one that failed, and goes again at once instead of waiting for a status.
export const bug = {
  title: 'resend on time-out instead of waiting in doubt',
  shows: {
    workload: 'replies whose POST is accepted and then cut or answered with a 5xx (simulator: accepted: true)',
    fault: undefined,
    verdict: 'a reply arrives twice although the status of the first copy came',
  },
  edits: [
    {
      file: 'apps/gateway/src/domain/judge.ts',
      find: `case 'unknown':`,
      replace: `case 'unknown':
            return { outcome: { state: 'waiting', retryAt: now, reason: answer.reason, posted: true } };
        case 'never':`,
    },
  ],
};
