const BASE = '/simulator/api';

async function call(method, path, body) {
  const response = await fetch(`${BASE}${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error?.message ?? `The simulator answered ${response.status}.`);
  return answer;
}

const path = (phone) => `/customers/${encodeURIComponent(phone)}`;

export const listCustomers = async () => (await call('GET', '/customers')).customers;
export const addCustomer = (customer) => call('POST', '/customers', customer);
export const loadChat = async (phone) => (await call('GET', `${path(phone)}/chat`)).messages;
export const write = (phone, action) => call('POST', `${path(phone)}/messages`, action);

/** Calls the handler named like each event; `onState(true)` when connected, which is also the time to load what was missed. */
export function listen(handlers, onState) {
  const source = new EventSource(`${BASE}/events`);
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
}
