import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useConnections } from '../api/list-connections.ts';
import { AppLink } from '../../../ui/app-link.tsx';

/** Says on every screen when Cal.com cannot be reached or needs a person. Booking goes on meanwhile, and it says that too. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const connections = useConnections();
  const states = connections.data?.items.map(({ state }) => state) ?? [];
  const trouble = (['needs_attention', 'unreachable'] as const).find((state) => states.includes(state));
  if (trouble === undefined) return null;
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
