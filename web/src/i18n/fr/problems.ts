import type { ProblemCode } from '@daybook/http-contract/problems';

const words: Record<ProblemCode, string> = {
  VALIDATION_FAILED: 'La saisie n’est pas valable. Corrigez les champs indiqués et recommencez.',
  MALFORMED_REQUEST: 'La demande est illisible. Rechargez la page et réessayez.',
  RANGE_TOO_LONG: 'La période est trop longue. Demandez au plus 62 jours à la fois.',
  SESSION_INVALID: 'Vous n’êtes pas connecté. Connectez-vous et recommencez.',
  SESSION_EXPIRED: 'La session est terminée. Reconnectez-vous.',
  INVALID_CREDENTIALS: 'Le nom d’utilisateur ou le mot de passe est faux. Vérifiez les deux et réessayez.',
  SECOND_FACTOR_NEEDED:
    'Un code est aussi nécessaire. Tapez celui de votre application d’authentification, ou un code de secours.',
  SECOND_FACTOR_WRONG: 'Ce code ne vaut pas. Tapez celui que l’application montre maintenant : chacun vaut une fois.',
  SECOND_FACTOR_ALREADY_ON: 'Le second facteur est déjà activé. Désactivez-le d’abord pour changer d’application.',
  SECOND_FACTOR_NOT_BEGUN: 'Il n’y a pas de clé à confirmer, ou elle a plus de quinze minutes. Recommencez.',
  SECOND_FACTOR_NOT_ON: 'Le second facteur est désactivé. Activez-le d’abord.',
  NOT_PERMITTED: 'Ce n’est pas permis. Adressez-vous au propriétaire du cabinet.',
  CROSS_SITE_REQUEST: 'Refusé : la demande venait d’un autre site. Utilisez l’application elle-même.',
  ROUTE_NOT_FOUND:
    'Cette adresse n’existe pas. La version de l’application est peut-être ancienne : rechargez la page.',
  APPOINTMENT_NOT_FOUND: 'Ce rendez-vous n’existe pas. Il appartient peut-être à quelqu’un d’autre.',
  APPOINTMENT_TYPE_NOT_FOUND: 'Ce type de rendez-vous n’existe pas. Choisissez-en un dans la liste.',
  PROVIDER_NOT_FOUND: 'Cette personne n’existe pas. Choisissez-en une dans la liste.',
  CUSTOMER_NOT_FOUND: 'Ce client n’existe pas. Cherchez-le et choisissez-le dans la liste.',
  BLOCK_NOT_FOUND: 'Ce temps bloqué n’existe pas. Il a peut-être déjà été libéré.',
  SESSION_NOT_FOUND: 'Cette session n’existe pas. Elle est peut-être déjà terminée.',
  CONNECTION_NOT_FOUND: 'Cette connexion n’existe pas. Elle a peut-être été supprimée.',
  METHOD_NOT_ALLOWED: 'Cette adresse ne propose pas cela. Rechargez la page.',
  SLOT_TAKEN: 'Cette heure est prise. Choisissez l’une des heures libres les plus proches.',
  SLUG_TAKEN: 'Ce nom court est pris. Choisissez-en un autre.',
  CUSTOMER_EXISTS: 'Ce client est déjà connu. Ouvrez sa fiche, ou réunissez les deux.',
  CUSTOMER_HAS_APPOINTMENTS: 'Ce client a encore des rendez-vous à venir. Annulez-les d’abord.',
  NOTHING_DIFFERENT: 'Les deux côtés sont d’accord. Il n’y a plus rien à décider.',
  CONNECTION_MANAGED_BY_OPERATOR:
    'L’opérateur a établi cette connexion. Demandez-lui de la changer là où Daybook est installé.',
  IDEMPOTENCY_KEY_IN_FLIGHT: 'La même demande est encore en cours. Attendez un instant et réessayez.',
  VERSION_CONFLICT: 'Quelqu’un l’a modifié entre-temps. Relisez et refaites votre changement.',
  PAYLOAD_TOO_LARGE: 'La demande est trop grande. Envoyez moins à la fois.',
  UNSUPPORTED_MEDIA_TYPE: 'Ce format n’est pas accepté. Rechargez la page et réessayez.',
  OUTSIDE_AVAILABILITY:
    'En dehors des horaires d’ouverture. Choisissez une heure dans les horaires, ou passez outre en tant que propriétaire.',
  START_IN_PAST: 'Le début est dans le passé. Choisissez une heure à venir.',
  TOO_SHORT_NOTICE: 'Le délai est trop court. Choisissez plus tard, ou passez outre en tant que propriétaire.',
  BEYOND_HORIZON: 'C’est trop loin. Choisissez plus tôt, ou passez outre en tant que propriétaire.',
  DURATION_NOT_OFFERED: 'Cette durée n’est pas proposée. Choisissez une des durées de ce type.',
  ADDRESS_NOT_ALLOWED:
    'Cette adresse n’est pas permise. Prenez une adresse https publique, ou demandez à l’opérateur d’autoriser cet hôte.',
  CONNECTION_TEST_FAILED:
    'Cal.com n’a pas pu être joint avec ces données. Les étapes disent ce qui a échoué et que faire.',
  START_NOT_ALIGNED: 'Cette heure n’est pas proposée. Choisissez l’une des heures proposées.',
  APPOINTMENT_NOT_CHANGEABLE: 'Ce rendez-vous ne peut plus être modifié. Seuls les rendez-vous prévus peuvent changer.',
  TOO_LATE_TO_CANCEL: 'Il est trop tard pour annuler. Veuillez appeler le cabinet.',
  DEFAULT_TYPE_REQUIRED: 'Le type par défaut doit rester. Modifiez-le au lieu de l’archiver.',
  IDEMPOTENCY_KEY_REUSED: 'La demande ne correspond pas à la précédente. Rechargez la page et réessayez.',
  TOO_MANY_ATTEMPTS: 'Trop d’essais. Attendez un moment avant de réessayer.',
  TOO_MANY_REQUESTS: 'Trop de demandes. Attendez un moment avant de réessayer.',
  INTERNAL: 'Un problème est survenu de notre côté. Réessayez ; s’il persiste, donnez la trace à votre opérateur.',
  WEBHOOK_REFUSED: 'Le webhook a été refusé. Vérifiez son adresse et son secret.',
  CONNECTION_UNREACHABLE: 'Cal.com ne répond pas. Rien n’est perdu. Réessayez dans un instant.',
  UPSTREAM_UNAVAILABLE: 'Une partie de Daybook ne répond pas. Rien n’est perdu. Réessayez dans un instant.',
  DATABASE_UNAVAILABLE: 'La base de données ne répond pas. Réessayez dans un instant.',
  DATABASE_BUSY: 'La base de données est occupée. Réessayez dans un instant.',
  BREAKER_OPEN: 'Une partie de Daybook ne répond pas. Rien n’est perdu. Réessayez dans un instant.',
  DRAINING: 'Ce serveur s’arrête. Réessayez : un autre répond.',
  UPSTREAM_TIMEOUT: 'Cela a pris trop de temps. Réessayez dans un instant.',
};

/** Every refusal of the public contract in French: what happened, and what to do. */
export const problems = { problems: words };
