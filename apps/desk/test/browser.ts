/** What a browser does for the desk's page: keeps the cookie, says where requests come from, sends the CSRF token. */
export class Browser {
  cookie = '';
  csrf = '';
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace('[::1]', '127.0.0.1');
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const own: Record<string, string> = { origin: this.url, 'x-csrf-token': this.csrf };
    if (this.cookie) own['cookie'] = this.cookie;
    if (body !== undefined) own['content-type'] = 'application/json';
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method, headers: { ...own, ...headers }, body: body === undefined ? undefined : text };
    const response = await fetch(this.url + path, init);
    const given = response.headers.get('set-cookie');
    if (given) this.cookie = given.split(';')[0] ?? '';
    return response;
  }

  async signIn(email: string, password: string): Promise<Response> {
    const response = await this.send('POST', '/api/session', { email, password });
    if (response.ok) this.csrf = ((await response.clone().json()) as { csrf: string }).csrf;
    return response;
  }

  /** Follows the server's news; the returned array grows. */
  async follow(): Promise<{ heard: string[]; ended: Promise<void>; leave(): void }> {
    const leaving = new AbortController();
    const init = { headers: { cookie: this.cookie }, signal: leaving.signal };
    const { body } = await fetch(`${this.url}/api/events`, init);
    const heard: string[] = [];
    const read = async (): Promise<void> => {
      const decoder = new TextDecoder();
      for await (const chunk of body ?? [])
        heard.push(
          ...decoder
            .decode(chunk as Uint8Array)
            .split('\n\n')
            .filter(Boolean),
        );
    };
    return { heard, ended: read().catch(() => undefined), leave: () => leaving.abort() };
  }
}
