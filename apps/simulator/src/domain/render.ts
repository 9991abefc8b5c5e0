import type { ChatContent } from './chat.js';
import { isObject, listOf, objectOf, textOf, type JsonObject } from './json.js';
import { componentOf, fillVariables, type Template } from './templates.js';

const MEDIA_TYPES = ['image', 'video', 'audio', 'document', 'sticker'];

/** What the phone shows of a message the business sent. */
export function renderSend(type: string, content: JsonObject, template?: Template): ChatContent {
  if (type === 'text') return { type, text: textOf(content['body']) };
  if (type === 'interactive') return renderInteractive(content);
  if (type === 'template') return renderTemplate(content, template);
  if (type === 'reaction') {
    return { type, reaction: { message_id: String(content['message_id']), emoji: textOf(content['emoji']) ?? '' } };
  }
  return renderPlain(type, content);
}

/** Media, locations and contact cards look the same from both sides. */
export function renderPlain(type: string, content: JsonObject): ChatContent {
  if (MEDIA_TYPES.includes(type)) {
    const media = {
      kind: type,
      id: textOf(content['id']),
      link: textOf(content['link']),
      filename: textOf(content['filename']),
    };
    return { type, text: textOf(content['caption']), media };
  }
  if (type === 'location') {
    const { latitude, longitude, name, address } = content;
    const location = {
      latitude: Number(latitude),
      longitude: Number(longitude),
      name: textOf(name),
      address: textOf(address),
    };
    return { type, location };
  }
  if (type === 'contacts') {
    const names = listOf(content['contacts']).map((contact) => objectOf(objectOf(contact)['name'])['formatted_name']);
    return { type, text: names.filter((name) => typeof name === 'string').join(', ') };
  }
  return { type };
}

function renderHeader(header: unknown): ChatContent['header'] {
  if (!isObject(header)) return undefined;
  return header['type'] === 'text' ? { text: textOf(header['text']) } : { media: String(header['type']) };
}

function renderInteractive(content: JsonObject): ChatContent {
  const action = objectOf(content['action']);
  const shown: ChatContent = {
    type: 'interactive',
    header: renderHeader(content['header']),
    text: textOf(objectOf(content['body'])['text']),
    footer: textOf(objectOf(content['footer'])['text']),
  };
  if (content['type'] === 'list') return { ...shown, list: renderList(action) };
  if (content['type'] === 'cta_url') {
    const { display_text: title, url } = objectOf(action['parameters']);
    return { ...shown, buttons: [{ id: 'link', title: String(title), kind: 'link', url: String(url) }] };
  }
  const buttons = listOf(action['buttons']).map((button) => {
    const { id, title } = objectOf(objectOf(button)['reply']);
    return { id: String(id), title: String(title), kind: 'reply' as const };
  });
  return buttons.length > 0 ? { ...shown, buttons } : shown;
}

function renderList(action: JsonObject): ChatContent['list'] {
  const sections = listOf(action['sections']).map(objectOf).map((section) => ({
    title: textOf(section['title']) ?? '',
    rows: listOf(section['rows']).map(objectOf).map((row) => ({
      id: String(row['id']),
      title: String(row['title']),
      description: textOf(row['description']),
    })),
  })); // prettier-ignore
  return { button: String(action['button']), sections };
}

function renderTemplate(content: JsonObject, template: Template | undefined): ChatContent {
  const name = String(content['name']);
  const language = String(objectOf(content['language'])['code']);
  const sent = listOf(content['components']).map(objectOf);
  const parametersOf = (type: string): unknown[] =>
    listOf(sent.find((component) => String(component['type']).toLowerCase() === type)?.['parameters']);
  const fill = (type: 'HEADER' | 'BODY'): string | undefined => {
    const text = template && textOf(componentOf(template, type)?.['text']);
    return text === undefined ? undefined : fillVariables(text, parametersOf(type.toLowerCase()));
  };
  const header = fill('HEADER');
  // Without the template itself the parameters are all there is to show.
  const bare = parametersOf('body').map((parameter) => textOf(objectOf(parameter)['text']) ?? '').join(' · '); // prettier-ignore
  const buttons = template ? renderTemplateButtons(template, sent) : [];
  return {
    type: 'template',
    template: { name, language },
    header: header === undefined ? undefined : { text: header },
    text: fill('BODY') ?? `[${name}] ${bare}`.trim(),
    footer: template && textOf(componentOf(template, 'FOOTER')?.['text']),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

function renderTemplateButtons(template: Template, sent: readonly JsonObject[]): NonNullable<ChatContent['buttons']> {
  return listOf(componentOf(template, 'BUTTONS')?.['buttons']).map(objectOf).map((button, index) => {
    const title = String(button['text']);
    const component = sent.find((each) => each['type'] === 'button' && String(each['index']) === String(index));
    const parameter = objectOf(listOf(component?.['parameters'])[0]);
    if (button['type'] === 'QUICK_REPLY') return { id: textOf(parameter['payload']) ?? title, title, kind: 'template' as const };
    const suffix = textOf(parameter['text']) ?? '';
    return { id: `link-${index}`, title, kind: 'link' as const, url: fillVariables(textOf(button['url']) ?? '', [{ text: suffix }]) };
  }); // prettier-ignore
}
