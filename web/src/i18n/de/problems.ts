import type { ProblemCode } from '@daybook/http-contract/problems';

const words: Record<ProblemCode, string> = {
  VALIDATION_FAILED: 'Die Eingabe ist nicht gültig. Berichtigen Sie die genannten Felder und senden Sie erneut.',
  MALFORMED_REQUEST: 'Die Anfrage ist nicht lesbar. Laden Sie die Seite neu und versuchen Sie es erneut.',
  RANGE_TOO_LONG: 'Der Zeitraum ist zu lang. Fragen Sie höchstens 62 Tage auf einmal ab.',
  SESSION_INVALID: 'Sie sind nicht angemeldet. Melden Sie sich an und versuchen Sie es erneut.',
  SESSION_EXPIRED: 'Die Sitzung ist beendet. Melden Sie sich erneut an.',
  INVALID_CREDENTIALS: 'Benutzername oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.',
  SECOND_FACTOR_NEEDED:
    'Auch ein Code ist nötig. Tippen Sie den Ihrer Authentifizierungs-App oder einen Wiederherstellungscode.',
  SECOND_FACTOR_WRONG: 'Dieser Code gilt nicht. Tippen Sie den, den die App jetzt zeigt; jeder gilt einmal.',
  SECOND_FACTOR_ALREADY_ON:
    'Der zweite Faktor ist schon eingeschaltet. Schalten Sie ihn erst aus, um die App zu wechseln.',
  SECOND_FACTOR_NOT_BEGUN:
    'Es gibt keinen Schlüssel zu bestätigen, oder er ist älter als fünfzehn Minuten. Beginnen Sie von vorn.',
  SECOND_FACTOR_NOT_ON: 'Der zweite Faktor ist ausgeschaltet. Schalten Sie ihn erst ein.',
  NOT_PERMITTED: 'Das ist nicht erlaubt. Wenden Sie sich an den Inhaber der Praxis.',
  CROSS_SITE_REQUEST: 'Abgelehnt: die Anfrage kam von einer anderen Website. Verwenden Sie die App selbst.',
  ROUTE_NOT_FOUND: 'Diese Adresse gibt es nicht. Vielleicht ist die App veraltet: laden Sie die Seite neu.',
  APPOINTMENT_NOT_FOUND: 'Diesen Termin gibt es nicht. Vielleicht gehört er jemand anderem.',
  APPOINTMENT_TYPE_NOT_FOUND: 'Diese Terminart gibt es nicht. Wählen Sie eine aus der Liste.',
  PROVIDER_NOT_FOUND: 'Diese Person gibt es nicht. Wählen Sie eine aus der Liste.',
  CUSTOMER_NOT_FOUND: 'Diesen Kunden gibt es nicht. Suchen Sie und wählen Sie einen aus der Liste.',
  BLOCK_NOT_FOUND: 'Diese Sperre gibt es nicht. Vielleicht wurde sie schon aufgehoben.',
  SESSION_NOT_FOUND: 'Diese Sitzung gibt es nicht. Vielleicht ist sie schon beendet.',
  CONNECTION_NOT_FOUND: 'Diese Verbindung gibt es nicht. Vielleicht wurde sie entfernt.',
  METHOD_NOT_ALLOWED: 'Das bietet diese Adresse nicht. Laden Sie die Seite neu.',
  SLOT_TAKEN: 'Diese Zeit ist vergeben. Wählen Sie eine der nächsten freien Zeiten.',
  SLUG_TAKEN: 'Der Kurzname ist vergeben. Wählen Sie einen anderen.',
  CUSTOMER_EXISTS: 'Dieser Kunde ist schon bekannt. Öffnen Sie ihn oder führen Sie die beiden zusammen.',
  CUSTOMER_HAS_APPOINTMENTS: 'Der Kunde hat noch Termine vor sich. Sagen Sie diese zuerst ab.',
  NOTHING_DIFFERENT: 'Beide Seiten stimmen überein. Es ist nichts mehr zu entscheiden.',
  CONNECTION_MANAGED_BY_OPERATOR:
    'Der Betreiber hat diese Verbindung eingerichtet. Bitten Sie ihn, sie dort zu ändern, wo Daybook installiert ist.',
  IDEMPOTENCY_KEY_IN_FLIGHT:
    'Dieselbe Anfrage ist noch in Arbeit. Warten Sie einen Augenblick und versuchen Sie es erneut.',
  VERSION_CONFLICT: 'Jemand hat es inzwischen geändert. Lesen Sie es neu und wiederholen Sie die Änderung.',
  PAYLOAD_TOO_LARGE: 'Die Anfrage ist zu groß. Senden Sie weniger auf einmal.',
  UNSUPPORTED_MEDIA_TYPE: 'Dieses Format wird nicht angenommen. Laden Sie die Seite neu und versuchen Sie es erneut.',
  OUTSIDE_AVAILABILITY:
    'Außerhalb der Öffnungszeiten. Wählen Sie eine Zeit innerhalb oder machen Sie als Inhaber trotzdem weiter.',
  START_IN_PAST: 'Der Beginn liegt in der Vergangenheit. Wählen Sie eine kommende Zeit.',
  TOO_SHORT_NOTICE: 'Die Frist ist zu kurz. Wählen Sie eine spätere Zeit oder machen Sie als Inhaber trotzdem weiter.',
  BEYOND_HORIZON: 'Zu weit voraus. Wählen Sie eine frühere Zeit oder machen Sie als Inhaber trotzdem weiter.',
  DURATION_NOT_OFFERED: 'Diese Dauer wird nicht angeboten. Wählen Sie eine der Dauern dieser Terminart.',
  ADDRESS_NOT_ALLOWED:
    'Diese Adresse ist nicht erlaubt. Nehmen Sie eine öffentliche https-Adresse oder bitten Sie den Betreiber, diesen Host zu erlauben.',
  CONNECTION_TEST_FAILED:
    'Cal.com war mit diesen Angaben nicht erreichbar. Die Schritte sagen, was fehlschlug und was zu tun ist.',
  START_NOT_ALIGNED: 'Dieser Beginn wird nicht angeboten. Wählen Sie eine der angebotenen Zeiten.',
  APPOINTMENT_NOT_CHANGEABLE: 'Der Termin kann nicht mehr geändert werden. Nur geplante Termine lassen sich ändern.',
  TOO_LATE_TO_CANCEL: 'Zum Absagen ist es zu spät. Bitte rufen Sie die Praxis an.',
  DEFAULT_TYPE_REQUIRED: 'Die übliche Terminart muss bleiben. Ändern Sie sie, statt sie zu archivieren.',
  IDEMPOTENCY_KEY_REUSED: 'Die Anfrage passt nicht zur vorigen. Laden Sie die Seite neu und versuchen Sie es erneut.',
  TOO_MANY_ATTEMPTS: 'Zu viele Versuche. Warten Sie etwas, bevor Sie es erneut versuchen.',
  TOO_MANY_REQUESTS: 'Zu viele Anfragen. Warten Sie etwas, bevor Sie es erneut versuchen.',
  INTERNAL:
    'Auf unserer Seite ist etwas schiefgegangen. Versuchen Sie es erneut; wenn es bleibt, nennen Sie dem Betreiber die Trace-Nummer.',
  WEBHOOK_REFUSED: 'Der Webhook wurde abgelehnt. Prüfen Sie seine Adresse und sein Geheimnis.',
  CONNECTION_UNREACHABLE: 'Cal.com antwortet nicht. Nichts ist verloren. Versuchen Sie es in einem Augenblick erneut.',
  UPSTREAM_UNAVAILABLE:
    'Ein Teil von Daybook antwortet nicht. Nichts ist verloren. Versuchen Sie es in einem Augenblick erneut.',
  DATABASE_UNAVAILABLE: 'Die Datenbank antwortet nicht. Versuchen Sie es in einem Augenblick erneut.',
  DATABASE_BUSY: 'Die Datenbank ist ausgelastet. Versuchen Sie es in einem Augenblick erneut.',
  BREAKER_OPEN:
    'Ein Teil von Daybook antwortet nicht. Nichts ist verloren. Versuchen Sie es in einem Augenblick erneut.',
  DRAINING: 'Dieser Server fährt herunter. Versuchen Sie es erneut; ein anderer antwortet.',
  UPSTREAM_TIMEOUT: 'Es hat zu lange gedauert. Versuchen Sie es in einem Augenblick erneut.',
};

/** Every refusal of the public contract in German: what happened, and what to do. */
export const problems = { problems: words };
