// Says every ten seconds that something still goes on, for a parent that cannot while it waits. Ends with the parent.
const [what = '', parent = ''] = process.argv.slice(2);
const EVERY_S = 10;
let seconds = 0;
setInterval(() => {
  if (process.ppid !== Number(parent)) process.exit(0);
  seconds += EVERY_S;
  process.stderr.write(`${what}: ${seconds} s so far\n`);
}, EVERY_S * 1000);
