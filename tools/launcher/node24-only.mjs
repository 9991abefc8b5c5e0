// Imported before everything else: whoever runs the launcher itself on an older Node is told, and no service is started in vain.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`The services run on Node 24 (this is ${process.versions.node}). Start them with: npm start\n`);
  process.exit(1);
}
