import { useEffect, useState, type FormEvent } from 'react';
import { api, ApiError } from './api.js';
import { WarnIcon } from './icons.js';
import iconUrl from './icon.svg';
import type { Session } from './model.js';

type Demo = { email: string; password: string } | null;

export function SignIn({ note, onSignedIn }: { note: string; onSignedIn: (session: Session) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [demo, setDemo] = useState<Demo>(null);
  useEffect(() => {
    document.title = 'Sign in · Parley Desk';
    // Only a hint: without it the page works as well.
    api.door().then(
      (door) => setDemo(door.demo),
      () => undefined,
    );
  }, []);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    api
      .signIn(email, password)
      .then(onSignedIn, (error: ApiError) => setProblem(error.message))
      .finally(() => setBusy(false));
  };
  const fill = (known: NonNullable<Demo>): void => {
    setEmail(known.email);
    setPassword(known.password);
  };

  return (
    <main className="door">
      <form className="card" onSubmit={submit} aria-labelledby="sign-in-title">
        <img src={iconUrl} alt="" width="44" height="44" />
        <h1 id="sign-in-title">Parley Desk</h1>
        <p className="soft">{note || 'Sign in to answer your customers.'}</p>
        <label>
          E-mail
          <input
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            data-testid="sign-in-email"
          />
        </label>
        <label>
          Password
          <input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            data-testid="sign-in-password"
          />
        </label>
        <p className="problem" role="alert" data-testid="sign-in-problem">
          {problem && (
            <>
              <WarnIcon /> {problem}
            </>
          )}
        </p>
        <button className="primary" disabled={busy} data-testid="sign-in-submit">
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        {demo && <DemoHint demo={demo} onUse={() => fill(demo)} />}
      </form>
    </main>
  );
}

function DemoHint({ demo, onUse }: { demo: NonNullable<Demo>; onUse: () => void }) {
  return (
    <aside className="demo">
      <p>
        Demonstration account: <b>{demo.email}</b>, password <b>{demo.password}</b>
      </p>
      <button type="button" className="plain" onClick={onUse}>
        Fill in
      </button>
    </aside>
  );
}
