import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { SessionGuard } from '../features/session/components/session-guard.tsx';
import { lazyWithTexts } from '../i18n/lazy-with-texts.ts';
import { AppFrame } from './app-frame.tsx';

// Each screen comes when somebody goes there; Today is fetched while the password is typed.
const SignInRoute = lazy(() => import('./routes/sign-in.tsx').then((module) => ({ default: module.SignInRoute })));
const TodayRoute = lazy(() => import('./routes/today.tsx').then((module) => ({ default: module.TodayRoute })));
const CalendarRoute = lazyWithTexts(() => import('./routes/calendar.tsx').then((module) => module.CalendarRoute));
const AppointmentsRoute = lazyWithTexts(() =>
  import('./routes/appointments.tsx').then((module) => module.AppointmentsRoute),
);
const CustomersRoute = lazyWithTexts(() => import('./routes/customers.tsx').then((module) => module.CustomersRoute));
const CustomerRoute = lazyWithTexts(() => import('./routes/customer.tsx').then((module) => module.CustomerRoute));
const TypesRoute = lazyWithTexts(() => import('./routes/types.tsx').then((module) => module.TypesRoute));
const SettingsRoute = lazyWithTexts(() => import('./routes/settings.tsx').then((module) => module.SettingsRoute));
const GuideRoute = lazyWithTexts(() => import('./routes/guide.tsx').then((module) => module.GuideRoute));
const MoreRoute = lazyWithTexts(() => import('./routes/more.tsx').then((module) => module.MoreRoute));
const AvailabilityRoute = lazyWithTexts(() =>
  import('./routes/availability.tsx').then((module) => module.AvailabilityRoute),
);
const NotFoundRoute = lazyWithTexts(() => import('./routes/not-found.tsx').then((module) => module.NotFoundRoute));
const CalcomRoute = lazyWithTexts(() => import('./routes/calcom.tsx').then((module) => module.CalcomRoute));

// The page of parts is for those who build; a production build leaves it out.
const DesignRoute =
  process.env.NODE_ENV === 'production'
    ? undefined
    : lazyWithTexts(() => import('./routes/design.tsx').then((module) => module.DesignRoute));

/** Every address of the app. */
export function AppRoutes() {
  return (
    <Routes>
      <Route
        path="/sign-in"
        element={
          <Suspense fallback={null}>
            <SignInRoute />
          </Suspense>
        }
      />
      {DesignRoute !== undefined && (
        <Route
          path="/design"
          element={
            <Suspense fallback={null}>
              <DesignRoute />
            </Suspense>
          }
        />
      )}
      <Route
        element={
          <SessionGuard>
            <AppFrame />
          </SessionGuard>
        }
      >
        <Route index element={<TodayRoute />} />
        <Route path="calendar" element={<CalendarRoute />} />
        <Route path="appointments" element={<AppointmentsRoute />} />
        <Route path="customers" element={<CustomersRoute />} />
        <Route path="customers/:id" element={<CustomerRoute />} />
        <Route path="types" element={<TypesRoute />} />
        <Route path="settings" element={<SettingsRoute />} />
        <Route path="guide" element={<GuideRoute />} />
        <Route path="more" element={<MoreRoute />} />
        <Route path="hours" element={<AvailabilityRoute />} />
        <Route path="calcom" element={<CalcomRoute />} />
        <Route path="*" element={<NotFoundRoute />} />
      </Route>
    </Routes>
  );
}
