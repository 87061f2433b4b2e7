import { Component } from 'react';
import type { ReactNode } from 'react';
import { Translation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** Keeps a failing screen from taking the rest with it. A new `resetKey`, such as another address, tries again. */
export class ErrorBoundary extends Component<{ children: ReactNode; resetKey?: string }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: { resetKey?: string }) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <div className="mx-auto max-w-lg p-6">
            <Notice tone="bad" title={t('errors.screenFailed')}>
              <p>{t('errors.screenFailedHint')}</p>
              <Button className="self-start" onClick={() => this.setState({ failed: false })}>
                {t('common.tryAgain')}
              </Button>
            </Notice>
          </div>
        )}
      </Translation>
    );
  }
}
