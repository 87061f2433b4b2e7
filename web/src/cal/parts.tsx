import './dayjs-setup.ts';
import { TooltipProvider } from '@radix-ui/react-tooltip';
import type { ReactNode } from 'react';
import { NonceProvider } from 'react-select';
import '@calcom/atoms/globals.min.css';
import './atoms.css';
import { readStyleNonce } from '../lib/style-nonce.ts';

const nonce = readStyleNonce();

/** The only wrapper the atoms need: their tooltips, their style scope, and the nonce for react-select's style elements. */
export function AtomParts(props: { children: ReactNode; className?: string }) {
  const parts = (
    <TooltipProvider>
      <div className={`calcom-atoms ${props.className ?? ''}`}>{props.children}</div>
    </TooltipProvider>
  );
  return nonce === undefined ? (
    parts
  ) : (
    <NonceProvider nonce={nonce} cacheKey="cal">
      {parts}
    </NonceProvider>
  );
}
