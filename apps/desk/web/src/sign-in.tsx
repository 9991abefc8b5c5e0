import { useEffect, useState, type FormEvent, type InputHTMLAttributes } from 'react';
import { api, type ApiError } from './api.js';
import { WarnIcon } from './icons.js';
import iconUrl from './icon.svg';
import type { Session } from './model.js';

type Demo = { email: string; password: string } | null;

interface SignInProps {
  /** Why the agent is here again; empty the first time. */
  note: string;
  onSignedIn: (session: Session) => void;
}

export function SignIn({ note, onSignedIn }: SignInProps) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const demo = useDemo();

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
        <Field label="E-mail" type="email" autoComplete="username" autoFocus value={email} onText={setEmail} />
        <Field label="Password" type="password" autoComplete="current-password" value={password} onText={setPassword} />
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

/** The demonstration's account, where there is one. Only a hint: without it the page works as well. */
function useDemo(): Demo {
  const [demo, setDemo] = useState<Demo>(null);
  useEffect(() => {
    document.title = 'Sign in · Parley Desk';
    api.door().then(
      (door) => setDemo(door.demo),
      () => undefined,
    );
  }, []);
  return demo;
}

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & {
  label: string;
  type: 'email' | 'password';
  onText: (text: string) => void;
};

function Field({ label, type, onText, ...input }: FieldProps) {
  return (
    <label>
      {label}
      <input
        type={type}
        required
        {...input}
        onChange={(event) => onText(event.target.value)}
        data-testid={`sign-in-${type}`}
      />
    </label>
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
