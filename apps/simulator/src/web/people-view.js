import { element } from './chat-view.js';

const digits = (phone) => phone.replace(/\D/g, '');

function initials(name) {
  const words = name
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .split(' ')
    .filter(Boolean);
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? words.at(-1)[0] : '')).toUpperCase();
}

/** One entry of the list of customers. */
export function personButton(customer, { current, unread, last }, onPick) {
  const button = element('button', 'person');
  button.type = 'button';
  button.dataset.testid = `customer-${digits(customer.phone)}`;
  if (current) button.setAttribute('aria-current', 'true');
  const avatar = element('span', 'avatar', initials(customer.name));
  avatar.setAttribute('aria-hidden', 'true');
  const name = element('span', 'name', customer.name);
  name.dir = 'auto';
  const tag = element('span', 'tag', customer.hide_phone ? `${customer.language} · hidden` : customer.language);
  const preview = element('span', 'last', last || customer.phone);
  preview.dir = last ? 'auto' : 'ltr';
  button.append(avatar, name, tag, preview);
  if (unread > 0) {
    const badge = element('span', 'unread', String(unread));
    badge.setAttribute('aria-label', `${unread} new`);
    button.append(badge);
  }
  button.addEventListener('click', () => onPick(customer.phone));
  const item = document.createElement('li');
  item.append(button);
  return item;
}
