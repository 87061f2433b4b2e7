import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent } from 'react';
import { loadDeskTexts } from './setup.ts';

/** A part of the app that comes on intent, together with the texts of the later screens in the reader's language. */
export function lazyWithTexts<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    const [part] = await Promise.all([load(), loadDeskTexts()]);
    return { default: part };
  });
}
