// Keep-alive HTTP over bare sockets, one request in flight on each: a client that costs a fraction of what it measures.
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)/i;
/** A server that does not answer for so long has failed the request. */
const PATIENCE_MS = 30_000;

class Connection {
  #socket;
  #answer;
  #read = '';

  constructor(port, onFree) {
    this.port = port;
    this.onFree = onFree;
  }

  /** Sends a request; `answered` gets the status, 0 when there was none. */
  send(bytes, answered) {
    this.#answer = answered;
    this.#socket ??= this.#open();
    this.#socket.write(bytes);
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.setTimeout(PATIENCE_MS, () => this.#answer && socket.destroy());
    socket.on('data', (text) => this.#data(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#read = '';
      this.#done(0);
    });
    return socket;
  }

  #data(text) {
    this.#read += text;
    const end = this.#read.indexOf(HEAD_END);
    if (end < 0) return;
    const length = Number(LENGTH.exec(this.#read)?.[1] ?? 0);
    if (this.#read.length < end + HEAD_END.length + length) return;
    const status = Number(this.#read.slice(9, 12));
    this.#read = '';
    this.#done(status);
  }

  #done(status) {
    const answered = this.#answer;
    if (!answered) return;
    this.#answer = undefined;
    // First: whoever hears the answer may send the next request at once.
    this.onFree(this);
    answered(status);
  }
}

/** Sends at once while there is a free connection, else in turn. */
export class Connections {
  #free = [];
  #waiting = [];
  #all = [];

  constructor(port, most) {
    this.port = port;
    this.most = most;
  }

  send(bytes, answered) {
    const connection = this.#free.pop() ?? this.#another();
    if (connection) connection.send(bytes, answered);
    else this.#waiting.push({ bytes, answered });
  }

  close() {
    for (const connection of this.#all) connection.close();
  }

  #another() {
    if (this.#all.length >= this.most) return undefined;
    const connection = new Connection(this.port, (free) => this.#next(free));
    this.#all.push(connection);
    return connection;
  }

  #next(connection) {
    const waiting = this.#waiting.shift();
    if (waiting) connection.send(waiting.bytes, waiting.answered);
    else this.#free.push(connection);
  }
}
