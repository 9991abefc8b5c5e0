import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import type { TlsFiles } from '../settings.js';

const KEEP_ALIVE_MS = 60_000;
/** The type of a TLS record that carries an alert: what a TLS server says to a client that does not speak TLS. */
const TLS_ALERT = 0x15;
/** Code of the error of a connection without TLS to a broker that wants it. */
export const WANTS_TLS = 'KAFKA_WANTS_TLS';
/** Code of the error when a file with certificates or a key cannot be used. */
export const BAD_TLS_FILES = 'KAFKA_BAD_TLS_FILES';

const coded = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });

function readTls({ ca, cert, key }: TlsFiles): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  const read = (file: string | undefined): Buffer | undefined => (file ? readFileSync(file) : undefined);
  return { ca: read(ca), cert: read(cert), key: read(key) };
}

function secure(host: string, port: number, files: TlsFiles, onConnect: () => void): Socket {
  const servername = isIP(host) ? undefined : host;
  try {
    return connectTls({ host, port, servername, ...readTls(files) }, onConnect);
  } catch (thrown) {
    // kafkajs keeps only the message of what is thrown here, so the code is part of it.
    throw coded(BAD_TLS_FILES, BAD_TLS_FILES, thrown);
  }
}

/** kafkajs would take an alert for the length of a long answer and wait for the rest of it. */
function plain(host: string, port: number, onConnect: () => void): Socket {
  const socket = connectPlain({ host, port }, onConnect);
  socket.prependOnceListener('data', (first: Buffer) => {
    if (first[0] === TLS_ALERT) socket.destroy(coded(WANTS_TLS, 'The broker wants TLS'));
  });
  return socket;
}

/**
 * Makes the connections to the brokers. Certificates and keys are read for each of them: a renewed one is used by the next
 * connection, without a restart.
 */
export function kafkaSockets(files: TlsFiles = {}): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const socket = ssl ? secure(host, port, files, onConnect) : plain(host, port, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    return socket;
  };
}
