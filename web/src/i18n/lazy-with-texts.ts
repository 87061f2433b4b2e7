import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import { loadDeskTexts } from './setup.ts';

/**
 * A part of the app that comes on intent, together with the texts of the later screens in the reader's language. `preload` fetches it
 * ahead; what was fetched is drawn at once, without the moment of nothing that a lazy part costs otherwise.
 */
export function lazyWithTexts<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> & { preload: () => Promise<unknown> } {
  type Part = { default: ComponentType<Props> };
  let fetched: Part | undefined;
  const preload = async () => {
    const [part] = await Promise.all([load(), loadDeskTexts()]);
    return (fetched = { default: part });
  };
  const part = lazy(() =>
    fetched === undefined ? preload() : ({ then: (done) => done?.(fetched!) } as Promise<Part>),
  );
  return Object.assign(part, { preload });
}
