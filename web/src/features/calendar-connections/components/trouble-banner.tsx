import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { AppLink } from '../../../ui/app-link.tsx';

/** What is wrong with the connection to Cal.com, in a line above the screen, and the way to mend it. */
export function TroubleBanner({ trouble }: { trouble: 'needs_attention' | 'unreachable' }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="border-b border-warn/30 bg-warn-soft">
      <div className="mx-auto flex max-w-[96rem] flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm md:px-6">
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
        <p className="min-w-0 flex-1">
          <strong className="font-medium">{t(`banner.${trouble}`)}</strong> {t('banner.bookingGoesOn')}
        </p>
        <AppLink to="/calcom" className="font-medium underline underline-offset-2">
          {t('banner.look')}
        </AppLink>
      </div>
    </div>
  );
}
