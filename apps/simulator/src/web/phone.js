import { addCustomer, listCustomers, listen, loadChat, write } from './api.js';
import { drawChat, drawList, preview } from './chat-view.js';
import { personButton } from './people-view.js';

const byId = (id) => document.getElementById(id);
const state = { customers: [], current: undefined, messages: [], unread: new Map(), last: new Map() };
const TYPING_MS = 25_000;
let typing;

function show(problem, place = byId('problem')) {
  place.hidden = problem === undefined;
  place.textContent = problem ?? '';
}

/** Runs something that may fail and says so where people look. */
async function attempt(work) {
  try {
    show(undefined);
    return await work();
  } catch (error) {
    show(error.message);
    return undefined;
  }
}

function drawPeople() {
  const items = state.customers.map((customer) => {
    const { phone } = customer;
    const facts = {
      current: phone === state.current,
      unread: state.unread.get(phone) ?? 0,
      last: state.last.get(phone),
    };
    return personButton(customer, facts, pick);
  });
  const focused = document.activeElement?.dataset?.testid;
  byId('people').replaceChildren(...items);
  if (focused?.startsWith('customer-')) document.querySelector(`[data-testid="${focused}"]`)?.focus();
}

function answered(id) {
  return state.messages.some((message) => message.direction === 'out' && message.reply_to === id);
}

function draw() {
  drawChat(byId('chat'), state.messages, { answered, tap, openList });
}

async function pick(phone) {
  state.current = phone;
  state.unread.delete(phone);
  localStorage.setItem('parley-simulator-customer', phone);
  const customer = state.customers.find((each) => each.phone === phone);
  byId('holder-name').textContent = customer?.name ?? '';
  byId('holder-phone').textContent = phone;
  presence(false);
  drawPeople();
  await refresh();
  byId('message').focus();
}

async function refresh() {
  const phone = state.current;
  const messages = await attempt(() => loadChat(phone));
  // Somebody else may have been picked while this was on its way.
  if (!messages || phone !== state.current) return;
  state.messages = messages;
  draw();
}

function post(action) {
  return attempt(() => write(state.current, action));
}

function tap(message, button) {
  if (button.kind === 'template')
    return post({ type: 'button', payload: button.id, text: button.title, reply_to: message.id });
  return post({ type: 'button_reply', id: button.id, reply_to: message.id });
}

function openList(message) {
  const sheet = byId('list-sheet');
  byId('list-title').textContent = message.list.button;
  drawList(byId('list-rows'), message, (row) => {
    sheet.close();
    void post({ type: 'list_reply', id: row.id, reply_to: message.id });
  });
  sheet.showModal();
}

function presence(isTyping) {
  clearTimeout(typing);
  byId('presence').textContent = isTyping ? 'typing…' : 'Business account';
  if (isTyping) typing = setTimeout(() => presence(false), TYPING_MS);
}

function onEntry({ phone, message }) {
  if (!state.customers.some((customer) => customer.phone === phone)) void loadPeople();
  const known = phone === state.current ? state.messages.findIndex((each) => each.id === message.id) : -1;
  // A change of ticks comes as the whole message again.
  if (known >= 0) state.messages[known] = message;
  else if (phone === state.current) state.messages.push(message);
  if (message.status === 'pending' || known < 0) state.last.set(phone, preview(message));
  if (message.direction === 'in' && message.status === 'pending') {
    if (phone === state.current) presence(false);
    else state.unread.set(phone, (state.unread.get(phone) ?? 0) + 1);
  }
  if (phone === state.current) draw();
  drawPeople();
}

async function loadPeople() {
  state.customers = (await attempt(listCustomers)) ?? state.customers;
  drawPeople();
}

async function start() {
  await loadPeople();
  const remembered = localStorage.getItem('parley-simulator-customer');
  const first =
    state.customers.find((customer) => customer.phone === (state.current ?? remembered)) ?? state.customers[0];
  if (first) await pick(first.phone);
}

function sendText() {
  const box = byId('message');
  const text = box.value.trim();
  if (!text || !state.current) return;
  box.value = '';
  void post({ type: 'text', text }).then((sent) => {
    // What was not taken is not lost either.
    if (!sent && !box.value) box.value = text;
  });
}

const ATTACHMENTS = {
  image: { type: 'image', caption: 'A photo' },
  document: { type: 'document', filename: 'document.pdf' },
  audio: { type: 'audio' },
  location: { type: 'location', latitude: 52.52, longitude: 13.405, name: 'Berlin' },
  unsupported: { type: 'unsupported' },
};

function toggleMenu(open) {
  byId('attach-menu').hidden = !open;
  byId('attach-open').setAttribute('aria-expanded', String(open));
}

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  sendText();
});
byId('message').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendText();
});
byId('attach-open').addEventListener('click', () => toggleMenu(byId('attach-menu').hidden));
byId('attach-menu').addEventListener('click', (event) => {
  const kind = event.target.dataset.attach;
  if (!kind) return;
  toggleMenu(false);
  void post(ATTACHMENTS[kind]);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') toggleMenu(false);
});
document.addEventListener('click', (event) => {
  if (!event.target.closest('.attach')) toggleMenu(false);
  if (event.target.closest('[data-close]')) event.target.closest('dialog').close();
});
byId('add-open').addEventListener('click', () => {
  show(undefined, byId('add-problem'));
  byId('add-dialog').showModal();
});
byId('add-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const phone = byId('add-phone').value.replace(/[\s()-]/g, '');
  try {
    const added = await addCustomer({ name: byId('add-name').value, phone, hide_phone: byId('add-hide').checked });
    event.target.reset();
    byId('add-dialog').close();
    await loadPeople();
    await pick(added.phone);
  } catch (error) {
    show(error.message, byId('add-problem'));
  }
});

listen(
  {
    entry: onEntry,
    customer: () => void loadPeople(),
    typing: ({ phone }) => phone === state.current && presence(true),
    reset: () => {
      state.unread.clear();
      state.last.clear();
      void start();
    },
  },
  (live) => {
    byId('connection').dataset.live = String(live);
    byId('connection').textContent = live ? 'Live' : 'Not connected; trying again…';
    // Whatever happened while the line was down is loaded again.
    if (live) void (state.current ? refresh() : start());
  },
);
