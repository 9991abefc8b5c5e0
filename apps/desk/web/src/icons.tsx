import type { ReactNode } from 'react';
import type { Delivery } from './model.js';

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const SendIcon = () => (
  <Icon>
    <path d="M14 2 7.200 8.800M14 2 9.700 14l-2.500-5.200L2 6.300z" />
  </Icon>
);

export const ChatIcon = ({ size = 40 }: { size?: number }) => (
  <Icon size={size}>
    <path d="M2.500 4a1.500 1.500 0 0 1 1.500-1.500h8A1.500 1.500 0 0 1 13.500 4v5a1.500 1.500 0 0 1-1.500 1.500H7l-3 3v-3A1.500 1.500 0 0 1 2.500 9z" />
  </Icon>
);

export const BackIcon = () => (
  <Icon size={18}>
    <path d="M10 3 5 8l5 5" />
  </Icon>
);

export const WarnIcon = () => (
  <Icon size={14}>
    <circle cx="8" cy="8" r="6.200" />
    <path d="M8 4.800v3.700M8 11v.1" />
  </Icon>
);

/** One tick: sent. Two: on the phone. Two in colour: read. */
export function Ticks({ status }: { status: Delivery }) {
  if (status === 'failed') return <WarnIcon />;
  if (status === 'pending' || status === 'accepted') {
    return (
      <Icon size={13}>
        <circle cx="8" cy="8" r="6" />
        <path d="M8 4.800V8l2 1.300" />
      </Icon>
    );
  }
  const both = status !== 'sent';
  return (
    <svg
      width={both ? 18 : 13}
      height="12"
      viewBox={both ? '0 0 18 12' : '0 0 13 12'}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.700"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d="m1.500 6.500 3 3 6.500-7.500" />
      {both && <path d="m7.800 8.600.9.9L15.500 2" />}
    </svg>
  );
}
