import { invalid, optionalText, requireList, requireObject, requireText, requireUnique, requireUrl } from './checks.js';
import { isObject, listOf, type JsonObject } from './json.js';
import { checkMediaObject } from './media-validation.js';

const HEADER_TEXT = 60;
const FOOTER = 60;
const BODY = 1024;
// A list's body may be four times as long as that of any other interactive message.
const LIST_BODY = 4096;
const LABEL = 20;
const MEDIA_HEADERS = ['image', 'video', 'document'];

type Check = (interactive: JsonObject, action: JsonObject) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  button: checkButtons,
  list: checkList,
  cta_url: checkLink,
  flow: checkFlow,
  location_request_message: (_, action) => requireName(action, 'send_location'),
  product: checkProduct,
  product_list: checkProductList,
  catalog_message: (_, action) => requireName(action, 'catalog_message'),
  carousel: checkCarousel,
  address_message: (_, action) => requireName(action, 'address_message'),
  call_permission_request: (_, action) => requireName(action, 'call_permission_request'),
  voice_call: (_, action) => requireName(action, 'voice_call'),
  request_contact_info: (_, action) => requireName(action, 'request_contact_info'),
};

/** @throws GraphFailure when Meta would refuse the message */
export function checkInteractive(interactive: JsonObject): void {
  const type = requireText(interactive, 'type', 'interactive.', 64);
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (!check) throw invalid('interactive.type', `must be one of {${Object.keys(CHECKS).join(', ')}}.`);
  if (interactive['body'] !== undefined || type !== 'product') {
    const body = requireObject(interactive, 'body', 'interactive.');
    requireText(body, 'text', 'interactive.body.', type === 'list' ? LIST_BODY : BODY);
  }
  if (interactive['footer'] !== undefined) {
    requireText(requireObject(interactive, 'footer', 'interactive.'), 'text', 'interactive.footer.', FOOTER);
  }
  if (interactive['header'] !== undefined) checkHeader(interactive, type);
  check(interactive, requireObject(interactive, 'action', 'interactive.'));
}

function checkHeader(interactive: JsonObject, type: string): void {
  const path = 'interactive.header.';
  const header = requireObject(interactive, 'header', 'interactive.');
  const kind = requireText(header, 'type', path, 20);
  if (type === 'product' || type === 'carousel')
    throw invalid('interactive.header', `is not allowed with type ${type}.`);
  if (kind === 'text') {
    requireText(header, 'text', path, HEADER_TEXT);
  } else if (MEDIA_HEADERS.includes(kind) && type !== 'list' && type !== 'product_list') {
    checkMediaObject(requireObject(header, kind, path), `${path}${kind}.`);
  } else {
    throw invalid(`${path}type`, `cannot be ${kind} with interactive type ${type}.`);
  }
}

function requireName(action: JsonObject, name: string): void {
  if (requireText(action, 'name', 'interactive.action.', 64) !== name) {
    throw invalid('interactive.action.name', `must be ${name}.`);
  }
}

function checkButtons(_: JsonObject, action: JsonObject): void {
  const path = 'interactive.action.buttons.';
  const replies = requireList(action, 'buttons', 'interactive.action.', 1, 3).map((button) => {
    if (button['type'] !== 'reply') throw invalid(`${path}type`, 'must be reply.');
    const reply = requireObject(button, 'reply', path);
    return { id: requireText(reply, 'id', path, 256), title: requireText(reply, 'title', path, LABEL) };
  });
  requireUnique(replies.map(({ id }) => id), `${path}id`); // prettier-ignore
  requireUnique(replies.map(({ title }) => title), `${path}title`); // prettier-ignore
}

function checkList(_: JsonObject, action: JsonObject): void {
  requireText(action, 'button', 'interactive.action.', LABEL);
  const sections = requireList(action, 'sections', 'interactive.action.', 1, 10);
  const path = 'interactive.action.sections.';
  const ids = sections.flatMap((section) => {
    if (sections.length > 1) requireText(section, 'title', path, 24);
    else optionalText(section, 'title', path, 24);
    return requireList(section, 'rows', path, 1, 10).map((row) => {
      requireText(row, 'title', `${path}rows.`, 24);
      optionalText(row, 'description', `${path}rows.`, 72);
      return requireText(row, 'id', `${path}rows.`, 200);
    });
  });
  if (ids.length > 10) throw invalid(`${path}rows`, 'must hold at most 10 rows in total.');
  requireUnique(ids, `${path}rows.id`);
}

function checkLink(_: JsonObject, action: JsonObject): void {
  requireName(action, 'cta_url');
  const parameters = requireObject(action, 'parameters', 'interactive.action.');
  requireText(parameters, 'display_text', 'interactive.action.parameters.', LABEL);
  requireUrl(parameters, 'url', 'interactive.action.parameters.');
}

function checkFlow(_: JsonObject, action: JsonObject): void {
  requireName(action, 'flow');
  const path = 'interactive.action.parameters.';
  const parameters = requireObject(action, 'parameters', 'interactive.action.');
  requireText(parameters, 'flow_message_version', path, 10);
  requireText(parameters, 'flow_cta', path, LABEL);
  if (parameters['flow_id'] === undefined) requireText(parameters, 'flow_name', path, 200);
}

function checkProduct(_: JsonObject, action: JsonObject): void {
  requireText(action, 'catalog_id', 'interactive.action.', 100);
  requireText(action, 'product_retailer_id', 'interactive.action.', 200);
}

function checkProductList(interactive: JsonObject, action: JsonObject): void {
  requireObject(interactive, 'header', 'interactive.');
  requireText(action, 'catalog_id', 'interactive.action.', 100);
  const sections = requireList(action, 'sections', 'interactive.action.', 1, 10);
  for (const section of sections) optionalText(section, 'title', 'interactive.action.sections.', 24);
  const products = sections.flatMap((section) => listOf(section['product_items']));
  if (products.length < 1 || products.length > 30) {
    throw invalid('interactive.action.sections.product_items', 'must hold 1 to 30 products in total.');
  }
}

function checkCarousel(interactive: JsonObject, action: JsonObject): void {
  if (interactive['footer'] !== undefined) throw invalid('interactive.footer', 'is not allowed with type carousel.');
  const path = 'interactive.action.cards.';
  const cards = requireList(action, 'cards', 'interactive.action.', 2, 10);
  requireSame(cards.map((card) => card['type']), `${path}type`); // prettier-ignore
  requireSame(cards.map((card) => (isObject(card['header']) ? card['header']['type'] : undefined)), `${path}header.type`); // prettier-ignore
  for (const card of cards) {
    if (card['body'] === undefined) continue;
    const text = requireText(requireObject(card, 'body', path), 'text', `${path}body.`, 160);
    if (text.split('\n').length > 3) throw invalid(`${path}body.text`, 'must have at most two line breaks.');
  }
}

function requireSame(values: readonly unknown[], path: string): void {
  if (new Set(values).size > 1) throw invalid(path, 'must be the same on all cards.');
}
