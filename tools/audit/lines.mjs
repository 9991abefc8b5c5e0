// Entries and heads as they stand in an export, one JSON object a line, and back.

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => Buffer.from(text, 'hex');

/** A signed head as a line. */
export function headLine({ chain, sequence, hash, root, previous, signedAt, keyId, signature }) {
  const sums = { hash: hex(hash), root: hex(root), previous: hex(previous) };
  return { kind: 'head', chain, sequence: String(sequence), ...sums, signedAt, keyId, signature: hex(signature) };
}

/** The head of a line, as the service's own functions take it. */
export function headOf(line) {
  const sums = { hash: bytes(line.hash), root: bytes(line.root), previous: bytes(line.previous) };
  const seal = { keyId: line.keyId, signature: bytes(line.signature) };
  return { chain: line.chain, sequence: BigInt(line.sequence), ...sums, signedAt: new Date(line.signedAt), ...seal };
}

/** An entry as a line: what people read, then what shows that it is as it was recorded. */
export function entryLine({ entry, eventId, tags, sealed, prevHash, headSequence, path }) {
  const { chain, sequence, hash, ...shown } = entry;
  const proof = { hash, prevHash: hex(prevHash), headSequence: String(headSequence), path: path.map(hex) };
  const rest = { eventId, tags: tags.map(String), sealed: Buffer.from(sealed).toString('base64') };
  return { kind: 'entry', chain, sequence: String(sequence), ...shown, ...rest, ...proof };
}

/** The entry of a line, as the service's own functions take it. */
export function entryOf(line) {
  const { chain, topic, action, customer, order, session, metadata, eventId } = line;
  return {
    ...{ chain, topic, action, customer, order, session, metadata, eventId, sequence: BigInt(line.sequence) },
    ...{ occurredAt: new Date(line.occurredAt), recordedAt: new Date(line.recordedAt), tags: line.tags.map(BigInt) },
    ...{ sealed: Buffer.from(line.sealed, 'base64'), prevHash: bytes(line.prevHash), hash: bytes(line.hash) },
  };
}
