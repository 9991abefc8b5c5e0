import iconUrl from './icon.svg';
import type { Account } from './model.js';
import { signOut } from './sign-out.js';
import type { Link } from './use-live.js';

const LINK_TEXT: Record<Link, string> = { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting' };

interface TopBarProps {
  account: Account;
  link: Link;
  onSignedOut: (note: string) => void;
}

export function TopBar({ account, link, onSignedOut }: TopBarProps) {
  return (
    <header className="top">
      <img src={iconUrl} alt="" width="26" height="26" />
      <h1>Parley Desk</h1>
      <span className="link" data-link={link} role="status">
        {LINK_TEXT[link]}
      </span>
      <span className="grow" />
      <span className="who" title={account.email}>
        {account.name}
      </span>
      <button className="plain" onClick={() => signOut(onSignedOut)} data-testid="sign-out">
        Sign out
      </button>
    </header>
  );
}
