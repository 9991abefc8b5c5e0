/** An element with a class and plain text: nothing anyone wrote is ever read as HTML. */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const TICKS = { pending: '…', sent: '✓', delivered: '✓✓', read: '✓✓', failed: '!' };
const KINDS = {
  image: '🖼 Photo',
  video: '🎬 Video',
  audio: '🎤 Voice message',
  document: '📄 Document',
  sticker: '🏷 Sticker',
};
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
// Matches what WhatsApp sets in bold (*word*) and web addresses.
const MARKS = /(?<![\p{L}\p{N}*])\*(?! )([^*\n]+)(?<! )\*(?![\p{L}\p{N}*])|https?:\/\/[^\s<>"]+/gu;

function richText(text) {
  const node = element('div', 'text');
  node.dir = 'auto';
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    node.append(
      text.slice(end, match.index),
      match[1] === undefined ? link(match[0], match[0]) : element('strong', '', match[1]),
    );
    end = match.index + match[0].length;
  }
  node.append(text.slice(end));
  return node;
}

function link(url, label, className) {
  const node = element('a', className, label);
  if (/^https?:\/\//i.test(url)) node.href = url;
  node.target = '_blank';
  node.rel = 'noopener noreferrer';
  return node;
}

/** One line of a message, for lists and quotes. */
export function preview(message) {
  if (message.type === 'reaction') return message.reaction.emoji;
  return (
    message.text ?? message.media?.filename ?? KINDS[message.type] ?? (message.location ? '📍 Location' : message.type)
  );
}

function mediaLine({ kind, filename, link: url }) {
  const node = element('div', 'file');
  const label = filename ?? KINDS[kind] ?? kind;
  node.append(url ? link(url, label) : element('span', '', label));
  return node;
}

function bubbleOf(message, quoted) {
  const bubble = element('div', 'bubble');
  bubble.dataset.testid = message.direction === 'in' ? 'bubble-in' : 'bubble-out';
  bubble.dataset.id = message.id;
  bubble.append(element('span', 'sr', message.direction === 'in' ? 'Store: ' : 'You: '));
  if (quoted) {
    const quote = element('div', 'quote', preview(quoted));
    quote.dir = 'auto';
    bubble.append(quote);
  }
  if (message.header?.text) {
    const title = element('div', 'title', message.header.text);
    title.dir = 'auto';
    bubble.append(title);
  }
  if (message.header?.media) bubble.append(mediaLine({ kind: message.header.media }));
  if (message.media) bubble.append(mediaLine(message.media));
  if (message.location)
    bubble.append(
      element(
        'div',
        'file',
        `📍 ${message.location.name ?? `${message.location.latitude}, ${message.location.longitude}`}`,
      ),
    );
  if (message.text) bubble.append(richText(message.text));
  else if (!message.media && !message.location) bubble.append(element('div', 'foot', message.type));
  if (message.footer) {
    const foot = element('div', 'foot', message.footer);
    foot.dir = 'auto';
    bubble.append(foot);
  }
  bubble.append(metaOf(message));
  return bubble;
}

function metaOf(message) {
  const meta = element('div', 'meta');
  const at = element('time', '', time.format(new Date(message.at)));
  at.dateTime = message.at;
  meta.append(at);
  if (message.direction === 'out') {
    const tick = element('span', 'tick', TICKS[message.status]);
    tick.dataset.status = message.status;
    tick.title = message.status;
    tick.setAttribute('role', 'img');
    tick.setAttribute('aria-label', message.status);
    meta.append(tick);
  }
  return meta;
}

function optionsOf(message, newest, actions) {
  const box = element('div', 'options');
  const mark = (node, id) => {
    // Older messages may offer the same id again; only the newest one carries the name that tests look for.
    if (newest.get(id) === message.id) node.dataset.testid = id;
    box.append(node);
  };
  for (const button of message.buttons ?? []) {
    if (button.kind === 'link') {
      mark(link(button.url, button.title, 'option'), `button-${button.id}`);
      continue;
    }
    const node = element('button', 'option', button.title);
    node.type = 'button';
    node.dir = 'auto';
    node.disabled = actions.answered(message.id);
    node.addEventListener('click', () => actions.tap(message, button));
    mark(node, `button-${button.id}`);
  }
  if (message.list) {
    const node = element('button', 'option', `☰ ${message.list.button}`);
    node.type = 'button';
    node.dir = 'auto';
    node.setAttribute('aria-haspopup', 'dialog');
    node.addEventListener('click', () => actions.openList(message));
    mark(node, 'list-open');
  }
  return box;
}

/** Which message offered each button or list last. */
function newestOffers(messages) {
  const newest = new Map();
  for (const message of messages) {
    for (const button of message.buttons ?? []) newest.set(`button-${button.id}`, message.id);
    if (message.list) newest.set('list-open', message.id);
  }
  return newest;
}

/** Draws the whole chat; it is short enough not to bother about differences. */
export function drawChat(container, messages, actions) {
  const newest = newestOffers(messages);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const reactions = messages.filter((message) => message.type === 'reaction');
  const rows = messages
    .filter((message) => message.type !== 'reaction')
    .map((message) => {
      if (message.direction === 'in' && message.status === 'failed') return failureNote(message);
      const row = element('li', `row ${message.direction}`);
      row.append(bubbleOf(message, byId.get(message.reply_to)));
      const emojis = new Map(
        reactions
          .filter((each) => each.reaction.message_id === message.id)
          .map((each) => [each.direction, each.reaction.emoji]),
      );
      const shown = [...emojis.values()].filter(Boolean).join(' ');
      if (shown) row.append(element('span', 'reaction', shown));
      if (message.buttons || message.list) row.append(optionsOf(message, newest, actions));
      return row;
    });
  if (rows.length === 0) rows.push(element('li', 'empty', 'No messages yet. Say hello, or ask “Track order 1234”.'));
  container.replaceChildren(...rows);
  container.scrollTop = container.scrollHeight;
}

function failureNote(message) {
  const code = message.errors?.[0]?.code ?? '';
  const note = element('li', 'note', `A message did not reach this phone (${code})`);
  note.dataset.testid = 'note-failed';
  return note;
}

/** Fills the sheet of a list message. */
export function drawList(container, message, onPick) {
  container.replaceChildren();
  for (const section of message.list.sections) {
    if (section.title) {
      const title = element('h3', '', section.title);
      title.dir = 'auto';
      container.append(title);
    }
    for (const row of section.rows) {
      const node = element('button', 'list-row');
      node.type = 'button';
      node.dir = 'auto';
      node.dataset.testid = `list-row-${row.id}`;
      node.append(element('span', '', row.title));
      if (row.description) node.append(element('small', '', row.description));
      node.addEventListener('click', () => onPick(row));
      container.append(node);
    }
  }
}
