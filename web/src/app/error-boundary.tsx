import { Component } from 'react';
import type { ReactNode } from 'react';
import { Translation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** What browsers, and the loader of style sheets, say of a part of the app that did not come. */
const notLoaded = /dynamically imported module|module script|preload/i;

/**
 * Keeps a failing screen from taking the rest with it. A new `resetKey`, such as another address, tries again. A part that did not come
 * stays away for React until the page is loaded anew, as it also must be after an update; so that is what trying again does then.
 */
export class ErrorBoundary extends Component<
  { children: ReactNode; resetKey?: string; reload?: () => void },
  { failed: boolean; isMissing: boolean }
> {
  override state = { failed: false, isMissing: false };

  static getDerivedStateFromError(error: unknown) {
    return { failed: true, isMissing: notLoaded.test(String(error)) };
  }

  override componentDidUpdate(before: { resetKey?: string }) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    const { failed, isMissing } = this.state;
    const { reload = () => window.location.reload() } = this.props;
    if (!failed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <div className="mx-auto max-w-lg p-6">
            <Notice tone="bad" title={t('errors.screenFailed')}>
              <p>{t(isMissing ? 'errors.unreachable' : 'errors.screenFailedHint')}</p>
              <Button className="self-start" onClick={() => (isMissing ? reload() : this.setState({ failed: false }))}>
                {t('common.tryAgain')}
              </Button>
            </Notice>
          </div>
        )}
      </Translation>
    );
  }
}
