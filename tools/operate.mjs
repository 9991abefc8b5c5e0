// What runs in the image `operator`, where everything is installed and built: node tools/operate.mjs <command> [...]. The commands
// are those of `npm run`; `wait` keeps a pod there to run them in.
const commands = ['migrate', 'audit', 'dlq', 'import'];
const [name = '', ...args] = process.argv.slice(2);

// The first process of a container is not ended by a signal that it does not handle.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(name === 'wait' ? 0 : 143));

if (name === 'wait') {
  setInterval(() => undefined, 2 ** 30);
} else if (name === 'migrate' && !process.env.PARLEY_ROLE_PASSWORDS && !args.includes('--help')) {
  // Passwords made here would be gone with the container.
  console.error('Set PARLEY_ROLE_PASSWORDS, the passwords that services log in with: {"consent": "...", ...}.');
  process.exitCode = 2;
} else if (commands.includes(name)) {
  const { main } = await import(`./commands/${name}.mjs`);
  process.exitCode = await main(args);
} else {
  console.error(`Usage: operate ${commands.join('|')}|wait [...]`);
  process.exitCode = 2;
}
